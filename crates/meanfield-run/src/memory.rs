//! What the system says of memory.

/// The default share of the free memory that may be used.
const SHARE: f64 = 0.8;

/// The memory that may be used by default; `None` where the system does not
/// say what is free.
pub(crate) fn available_memory() -> Option<u64> {
    let free = kilobytes("/proc/meminfo", "MemAvailable:")?;
    Some((free as f64 * 1024.0 * SHARE) as u64)
}

/// The most memory this process has held.
pub(crate) fn peak_memory() -> Option<u64> {
    Some(kilobytes("/proc/self/status", "VmHWM:")? * 1024)
}

/// The memory this process holds.
pub(crate) fn resident_memory() -> Option<u64> {
    Some(kilobytes("/proc/self/status", "VmRSS:")? * 1024)
}

fn kilobytes(file: &str, key: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}
