//! Random numbers, gradient noise and the few transcendental functions the generator needs.
//!
//! Everything here repeats bit for bit on every machine: integer hashing, the four operations, square roots, and `libm`
//! (pure Rust) where a transcendental function cannot be avoided.

/// A splitmix64 stream.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

/// Mixes the bits of a 64-bit number (the finaliser of splitmix64).
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// A stream of its own for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Uniform in [0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// Uniform in [low, high).
    pub(crate) fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform among 0 … n − 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// True with probability `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Standard normal (Box–Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let u = 1.0 - self.uniform();
        let v = self.uniform();
        (-2.0 * libm::log(u)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * v)
    }
}

/// Uniform in [0, 1) from a seed and a lattice point.
pub(crate) fn lattice(seed: u64, i: i64, j: i64) -> f64 {
    let h = mix(seed ^ mix((i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ mix(j as u64 ^ 0x51_7cc1_b727)));
    (h >> 11) as f64 / 9_007_199_254_740_992.0
}

/// Gradient noise in the plane, about −1 … 1, zero on lattice points of spacing 1.
#[derive(Debug, Clone)]
pub(crate) struct Noise {
    seed: u64,
    gradients: Vec<(f64, f64)>,
}

impl Noise {
    /// A noise field of its own for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        let gradients = (0..64)
            .map(|k| {
                let angle = 2.0 * std::f64::consts::PI * (k as f64 + 0.5) / 64.0;
                (libm::cos(angle), libm::sin(angle))
            })
            .collect();
        Self { seed, gradients }
    }

    fn corner(&self, i: i64, j: i64, dx: f64, dy: f64) -> f64 {
        let h = mix(self.seed ^ (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (j as u64).rotate_left(32));
        let (gx, gy) = self.gradients[(h >> 58) as usize];
        gx * dx + gy * dy
    }

    /// One octave at a point.
    pub(crate) fn at(&self, x: f64, y: f64) -> f64 {
        let (fx, fy) = (x.floor(), y.floor());
        let (i, j) = (fx as i64, fy as i64);
        let (u, v) = (x - fx, y - fy);
        let (a, b) = (fade(u), fade(v));
        let top = lerp(self.corner(i, j, u, v), self.corner(i + 1, j, u - 1.0, v), a);
        let bottom = lerp(self.corner(i, j + 1, u, v - 1.0), self.corner(i + 1, j + 1, u - 1.0, v - 1.0), a);
        lerp(top, bottom, b) * 1.5
    }

    /// Fractal sum: `octaves` octaves, each half as wide and `gain` times as high, about −1 … 1.
    pub(crate) fn fractal(&self, x: f64, y: f64, octaves: usize, gain: f64) -> f64 {
        let (mut sum, mut weight, mut total, mut f) = (0.0, 1.0, 0.0, 1.0);
        for k in 0..octaves {
            let shift = 17.31 * k as f64;
            sum += weight * self.at(x * f + shift, y * f - shift);
            total += weight;
            weight *= gain;
            f *= 2.0;
        }
        sum / total
    }

    /// Ridged fractal sum, 0 … 1 with sharp crests near 1.
    pub(crate) fn ridged(&self, x: f64, y: f64, octaves: usize) -> f64 {
        let (mut sum, mut weight, mut total, mut f) = (0.0, 1.0, 0.0, 1.0);
        for k in 0..octaves {
            let shift = 31.7 * k as f64;
            let r = 1.0 - self.at(x * f - shift, y * f + shift).abs();
            sum += weight * r * r;
            total += weight;
            weight *= 0.5;
            f *= 2.0;
        }
        sum / total
    }
}

fn fade(t: f64) -> f64 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Linear mix of two values.
pub(crate) fn lerp(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}

/// 0 below `low`, 1 above `high`, smooth between; falls where `low > high`.
pub(crate) fn smoothstep(low: f64, high: f64, x: f64) -> f64 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A value rounded to a number of decimals.
pub(crate) fn round_to(x: f64, decimals: u32) -> f64 {
    let scale = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6][decimals as usize];
    (x * scale).round() / scale
}
