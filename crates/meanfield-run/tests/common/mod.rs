//! The plain way through a chain that tests compare with.

/// p(t) of dp/dt = f(t, p): Runge and Kutta's fourth order in so many steps.
pub(crate) fn runge_kutta(
    mut p: Vec<f64>,
    t: f64,
    steps: usize,
    f: impl Fn(f64, &[f64]) -> Vec<f64>,
) -> Vec<f64> {
    let plus = |p: &[f64], h: f64, k: &[f64]| -> Vec<f64> {
        p.iter().zip(k).map(|(p, k)| p + h * k).collect()
    };
    let h = t / steps as f64;
    for step in 0..steps {
        let now = step as f64 * h;
        let k1 = f(now, &p);
        let k2 = f(now + h / 2.0, &plus(&p, h / 2.0, &k1));
        let k3 = f(now + h / 2.0, &plus(&p, h / 2.0, &k2));
        let k4 = f(now + h, &plus(&p, h, &k3));
        for (i, p) in p.iter_mut().enumerate() {
            *p += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    p
}
