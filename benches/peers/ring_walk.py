"""The ring walk to 1/N^2 at t = 1 by rmftool and by this project, in one run.

Call through `cargo xtask bench --peers`, which makes the environment. Every
time of theirs stands between two times of ours, of which the lesser counts.
"""

import argparse
import contextlib
import io
import subprocess
import time

import numpy as np
from rmftool.population_processes import DDPP
from rmftool.refinedRefined_transientRegime import drift_rr_vector
from scipy.integrate import solve_ivp

END = 1.0
TOLERANCE = 1e-6


def start(states):
    """F(0)[s] proportional to 1 + cos(2 pi s/D)/2."""
    f = 1.0 + 0.5 * np.cos(2.0 * np.pi * np.arange(states) / states)
    return f / f.sum()


def transitions(states):
    """(change, first state, second state or None, rate) of the ring walk.

    A pair is counted in both orders, at half the rate: (a, b) -> (a+1, b-1)
    and, from the other order, (a-1, b+1).
    """
    unit = np.eye(states)
    for s in range(states):
        up = 0.5 + 0.25 * np.cos(2.0 * np.pi * s / states)
        yield unit[(s + 1) % states] - unit[s], s, None, up
        yield unit[(s - 1) % states] - unit[s], s, None, 0.3
        for b in range(states):
            g = 2.0 + np.cos(2.0 * np.pi * (s - b) / states)
            change = unit[(s + 1) % states] - unit[s] + unit[(b - 1) % states] - unit[b]
            yield change, s, b, g / 2.0


def published(states):
    """Seconds of rmftool as a user calls it, and its coefficients at the end."""
    process = DDPP()
    for change, a, b, rate in transitions(states):
        if b is None:
            process.add_transition(change, lambda x, a=a, rate=rate: rate * x[a])
        else:
            process.add_transition(
                change, lambda x, a=a, b=b, rate=rate: rate * x[a] * x[b]
            )
    process.set_initial_state(start(states))
    clock = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        _, mean, first, second, _ = process.meanFieldExpansionTransient(order=2, time=END)
    return time.perf_counter() - clock, (mean[-1], first[-1], second[-1])


class Derivatives:
    """Drift, covariance and third moments of the jumps, and their derivatives.

    A rate is rate * x_a or rate * x_a * x_b, and a change touches four states
    at most: values are sums over the entries of changes, k = 0, 1, 2 of them
    multiplied, and only the derivatives that rmftool contracts are full arrays.
    """

    def __init__(self, states):
        n = states
        self.shape = [(n,) * (k + 1) for k in range(3)]
        self.linear = [np.zeros((n,) * k + (n,)) for k in (1, 2)]
        self.quadratic = [np.zeros((n,) * k + (n, n)) for k in (1, 2)]
        self.zero = (np.zeros((n,) * 4), np.zeros((n,) * 5))
        jumps = list(transitions(n))
        # A one-body rate is one with a second factor that is 1.
        self.first = np.array([a for _, a, _, _ in jumps])
        self.second = np.array([n if b is None else b for _, _, b, _ in jumps])
        self.rate = np.array([rate for *_, rate in jumps])
        entries = [([], [], []) for _ in range(3)]
        for jump, (change, a, b, rate) in enumerate(jumps):
            where = np.flatnonzero(change)
            power = np.ones(())
            for k in range(3):
                power = np.multiply.outer(power, change[where])
                index = np.ix_(*[where] * (k + 1))
                flat = np.ravel_multi_index(index, self.shape[k]).ravel()
                for to, values in zip(entries[k], (flat, power.ravel(), [jump] * flat.size)):
                    to.extend(values)
                if k == 2:
                    continue
                if b is None:
                    self.linear[k][index + (a,)] += rate * power
                else:
                    self.quadratic[k][index + (a, b)] += rate * power
                    self.quadratic[k][index + (b, a)] += rate * power
        self.entries = [tuple(np.array(part) for part in of_k) for of_k in entries]

    def value(self, k, x):
        beta = self.rate * x[self.first] * np.append(x, 1.0)[self.second]
        flat, power, jump = self.entries[k]
        size = np.prod(self.shape[k])
        return np.bincount(flat, power * beta[jump], size).reshape(self.shape[k])

    def slope(self, k, x):
        return self.linear[k] + self.quadratic[k] @ x


def kernels(states):
    """Seconds of rmftool's right-hand side with derivatives written by hand."""
    d = Derivatives(states)
    clock = time.perf_counter()
    unknowns = np.zeros(3 * states + 2 * states**2 + states**3 + states**4)
    unknowns[:states] = start(states)

    def slope(_, y):
        return drift_rr_vector(
            y,
            states,
            lambda x: d.value(0, x),
            lambda x: d.slope(0, x),
            lambda x: d.quadratic[0],
            lambda x: d.value(1, x),
            lambda x: d.zero[0],
            lambda x: d.zero[1],
            lambda x: d.slope(1, x),
            lambda x: d.quadratic[1],
            lambda x: d.value(2, x),
        )

    solved = solve_ivp(slope, [0.0, END], unknowns, rtol=TOLERANCE)
    y = solved.y[:, -1]
    second = 2 * states + states**2
    found = (y[:states], y[states : 2 * states], y[second : second + states])
    return time.perf_counter() - clock, found


def ours(states):
    """Seconds of this project."""
    command = "cargo run --release --quiet -p meanfield-benches --".split()
    printed = subprocess.run(
        command + ["--ring-walk", str(states)], check=True, capture_output=True, text=True
    )
    return float(printed.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest sizes only")
    quick = parser.parse_args().quick
    rows = [("as published", published, 8), ("its kernels", kernels, 16)]
    if not quick:
        rows += [("as published", published, 12)]
        rows += [("its kernels", kernels, 24), ("its kernels", kernels, 32)]
    # The derivatives by hand are those rmftool finds by symbols.
    small = [np.concatenate(solve(4)[1]) for solve in (published, kernels)]
    off = np.abs(small[0] - small[1]).max() / np.abs(small[0]).max()
    # Its tensors are symmetrised in single precision.
    assert off < 1e-4, f"the two ways to call rmftool differ by {off:.1e}"
    print(f"{'rmftool 0.5':<16}{'D':>4}{'theirs':>12}{'ours':>12}{'theirs/ours':>14}")
    for name, solve, states in sorted(rows, key=lambda row: (row[0], row[2])):
        before = ours(states)
        theirs, _ = solve(states)
        own = min(before, ours(states))
        print(f"{name:<16}{states:>4}{theirs:>10.2f} s{own:>10.4f} s{theirs / own:>14.0f}", flush=True)
    print(
        "\nThe ring walk, coefficients of one-particle means to 1/N^2, t = 1.\n"
        "theirs: fixed occupation numbers, a particle may meet itself (rates have no\n"
        "  1/N part), so the coefficients of 1/N and 1/N^2 are of another start and a\n"
        "  slightly other model; unknowns D^4 + D^3 + ...; RK45 of scipy, relative\n"
        "  tolerance 1e-6 and absolute 1e-6 on all unknowns at once, tensors\n"
        "  symmetrised in single precision; 'as published' finds derivatives by\n"
        "  symbols, 'its kernels' is given them, and builds them before the clock starts.\n"
        "ours: product start, no self-meeting; packed cumulants to degree 3; relative\n"
        "  tolerance 1e-6 on every cumulant for itself, one thread."
    )


if __name__ == "__main__":
    main()
