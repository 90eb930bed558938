//! What the system says of memory.

/// The default share of the free memory that may be used.
const SHARE: f64 = 0.8;

/// The memory that may be used by default, of what is free and of the address space that
/// `ulimit -v` leaves; `None` where the system does not say.
pub(crate) fn available_memory() -> Option<u64> {
    let free = kilobytes("/proc/meminfo", "MemAvailable:").map(|free| free * 1024);
    let least = [free, address_space()].into_iter().flatten().min()?;
    Some((least as f64 * SHARE) as u64)
}

/// The addresses that are left, and those of the memory held, where there is a limit.
fn address_space() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let mut lines = limits.lines();
    let limit = lines.find_map(|line| line.strip_prefix("Max address space"))?;
    let limit: u64 = limit.split_whitespace().next()?.parse().ok()?;
    let taken = kilobytes("/proc/self/status", "VmSize:")? * 1024;
    Some(limit.saturating_sub(taken) + resident_memory()?)
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
