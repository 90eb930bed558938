//! Squares of a panel and packed triangles: the moves between them, in tiles of
//! SIDE × SIDE numbers.

use std::ops::Range;

use super::pair_index::pair_count;
use super::stretches::Triangle;
use crate::Scalar;
use crate::simd::{SIDE, Turn};

impl Triangle {
    /// Those indices that are columns and asked for as y.
    #[inline(always)]
    fn inner(&self) -> Range<usize> {
        let (there, tops) = (&self.there, &self.tops);
        let start = there.start.max(tops.start);
        start..there.end.min(tops.end).max(start)
    }

    /// Pieces of rows y in which only x is a column that is there: (y, x).
    #[inline(always)]
    fn below(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let (there, inner) = (self.there.clone(), self.inner());
        let first = if inner.start > there.start {
            inner.start
        } else {
            inner.end
        };
        (first..self.tops.end.min(self.bound)).map(move |y| {
            let end = if y < inner.end {
                inner.start
            } else {
                there.end
            };
            (y, there.start..end)
        })
    }
}

/// A move, tile by tile.
trait Tiles {
    /// A piece of a row y, x alone being columns.
    fn below(&mut self, y: usize, x: Range<usize>);

    /// Pairs of x < y, beginning with these: y are columns that are there, x too or not.
    fn tile<const BOTH: bool>(&mut self, x: (usize, usize), y: (usize, usize));

    /// Pairs x ≤ y of the same indices.
    fn diagonal(&mut self, y: usize, height: usize);

    /// All of a triangle.
    #[inline(always)]
    fn tiles(&mut self, triangle: &Triangle) {
        let inner = triangle.inner();
        for (y, x) in triangle.below() {
            self.below(y, x);
        }
        let mut y = inner.start;
        while y < inner.end {
            let height = SIDE.min(inner.end - y);
            let mut x = 0;
            while x < inner.start {
                self.tile::<false>((x, SIDE.min(inner.start - x)), (y, height));
                x += SIDE;
            }
            let mut x = inner.start;
            while x < y {
                self.tile::<true>((x, SIDE), (y, height));
                x += SIDE;
            }
            self.diagonal(y, height);
            y += SIDE;
        }
    }
}

/// `T[{x,y}] += c (R[y, x] + R[x, y])`, as far as the columns are there: the first term
/// before the second one, however the work is cut into columns and tops.
#[inline(always)]
pub(super) fn add<S: Scalar>(
    triangle: &Triangle,
    turn: impl Turn,
    c: S,
    (panel, width): (&[S], usize),
    (tensor, offset): (&mut [S], usize),
) {
    let mut adding = Adding {
        base: triangle.base,
        place: triangle.row * width + triangle.column,
        start: triangle.there.start,
        turn,
        c,
        panel,
        width,
        tensor,
        offset,
    };
    adding.tiles(triangle);
}

/// The arguments of [`add`].
struct Adding<'a, S, T> {
    /// Rank of {0, 0}.
    base: usize,
    /// Place of R[0, `start`] in the panel.
    place: usize,
    /// The first column that is there.
    start: usize,
    turn: T,
    c: S,
    panel: &'a [S],
    width: usize,
    tensor: &'a mut [S],
    offset: usize,
}

impl<S: Scalar, T: Turn> Adding<'_, S, T> {
    #[inline(always)]
    fn at(&self, x: usize, y: usize) -> usize {
        self.base + pair_count(y) + x - self.offset
    }

    #[inline(always)]
    fn place(&self, a: usize, b: usize) -> usize {
        self.place + a * self.width + b - self.start
    }

    /// The N-th row of a tile on the diagonal, of N numbers.
    #[inline(always)]
    fn diagonal_row<const N: usize>(&mut self, y: usize, turned: &[[S; SIDE]; SIDE]) {
        let at = self.at(y, y + N - 1);
        let direct = &self.panel[self.place(y + N - 1, y)..];
        add_both::<_, N>(self.c, direct, &turned[N - 1], &mut self.tensor[at..]);
    }

    #[inline(always)]
    fn by_numbers<const BOTH: bool>(&mut self, x: Range<usize>, y: Range<usize>) {
        for y in y {
            for x in x.clone() {
                let (at, c) = (self.at(x, y), self.c);
                if BOTH {
                    self.tensor[at] += c * self.panel[self.place(y, x)];
                }
                self.tensor[at] += c * self.panel[self.place(x, y)];
            }
        }
    }
}

impl<S: Scalar, T: Turn> Tiles for Adding<'_, S, T> {
    #[inline(always)]
    fn below(&mut self, y: usize, x: Range<usize>) {
        let (at, c) = (self.at(x.start, y), self.c);
        let from = &self.panel[self.place(y, x.start)..][..x.len()];
        let to = &mut self.tensor[at..][..x.len()];
        if let (Some(from), Some(to), SIDE) = (from.first_chunk(), to.first_chunk_mut(), x.len()) {
            add_row::<_, SIDE>(c, from, to);
        } else {
            for (x, &z) in to.iter_mut().zip(from) {
                *x += c * z;
            }
        }
    }

    #[inline(always)]
    fn tile<const BOTH: bool>(&mut self, (x, side): (usize, usize), (y, height): (usize, usize)) {
        if side < SIDE || self.place(x + SIDE - 1, y) + SIDE > self.panel.len() {
            return self.by_numbers::<BOTH>(x..x + side, y..y + height);
        }
        let turned = self.turn.turned(|k| &self.panel[self.place(x + k, y)..]);
        for (i, turned) in turned.iter().enumerate().take(height) {
            let (at, direct) = (self.at(x, y + i), self.place(y + i, x));
            let to = &mut self.tensor[at..];
            if BOTH {
                let direct = &self.panel[direct..];
                add_both::<_, SIDE>(self.c, direct, turned, to);
            } else if let Some(to) = to.first_chunk_mut() {
                add_row::<_, SIDE>(self.c, turned, to);
            }
        }
    }

    #[inline(always)]
    fn diagonal(&mut self, y: usize, height: usize) {
        if self.place(y + SIDE - 1, y) + SIDE > self.panel.len() {
            for top in y..y + height {
                self.by_numbers::<true>(y..top + 1, top..top + 1);
            }
            return;
        }
        let turned = self.turn.turned(|k| &self.panel[self.place(y + k, y)..]);
        self.diagonal_row::<1>(y, &turned);
        if height > 1 {
            self.diagonal_row::<2>(y, &turned);
        }
        if height > 2 {
            self.diagonal_row::<3>(y, &turned);
        }
        if height > 3 {
            self.diagonal_row::<4>(y, &turned);
        }
        if height > 4 {
            self.diagonal_row::<5>(y, &turned);
        }
        if height > 5 {
            self.diagonal_row::<6>(y, &turned);
        }
        if height > 6 {
            self.diagonal_row::<7>(y, &turned);
        }
        if height > 7 {
            self.diagonal_row::<8>(y, &turned);
        }
    }
}

/// `R[y, x] = R[x, y] = T[{x,y}]`, as far as the columns are there. What lies up to SIDE
/// columns behind may be overwritten: it is still to come.
#[inline(always)]
pub(super) fn expose<S: Scalar>(
    triangle: &Triangle,
    turn: impl Turn,
    tensor: &[S],
    (panel, width): (&mut [S], usize),
) {
    let mut exposing = Exposing {
        base: triangle.base,
        place: triangle.row * width + triangle.column,
        start: triangle.there.start,
        column: triangle.column,
        turn,
        tensor,
        panel,
        width,
    };
    exposing.tiles(triangle);
}

/// The arguments of [`expose`].
struct Exposing<'a, S, T> {
    base: usize,
    place: usize,
    start: usize,
    /// Column of the panel where `start` is.
    column: usize,
    turn: T,
    tensor: &'a [S],
    panel: &'a mut [S],
    width: usize,
}

impl<S: Scalar, T: Turn> Exposing<'_, S, T> {
    #[inline(always)]
    fn at(&self, x: usize, y: usize) -> usize {
        self.base + pair_count(y) + x
    }

    #[inline(always)]
    fn place(&self, a: usize, b: usize) -> usize {
        self.place + a * self.width + b - self.start
    }

    /// Whether there is room for SIDE columns from y on.
    #[inline(always)]
    fn has_room(&self, y: usize) -> bool {
        self.column + y - self.start + SIDE <= self.width
    }

    #[inline(always)]
    fn put(&mut self, place: usize, numbers: &[S; SIDE]) {
        if let Some(to) = self.panel[place..].first_chunk_mut() {
            *to = *numbers;
        }
    }

    #[inline(always)]
    fn by_numbers<const BOTH: bool>(&mut self, x: Range<usize>, y: Range<usize>) {
        for y in y {
            for x in x.clone() {
                let number = self.tensor[self.at(x, y)];
                let (turned, direct) = (self.place(x, y), self.place(y, x));
                self.panel[turned] = number;
                if BOTH {
                    self.panel[direct] = number;
                }
            }
        }
    }
}

impl<S: Scalar, T: Turn> Tiles for Exposing<'_, S, T> {
    #[inline(always)]
    fn below(&mut self, y: usize, x: Range<usize>) {
        let place = self.place(y, x.start);
        let from = &self.tensor[self.at(x.start, y)..][..x.len()];
        match from.first_chunk::<SIDE>() {
            Some(from) if x.len() == SIDE => self.put(place, from),
            _ => self.panel[place..][..x.len()].copy_from_slice(from),
        }
    }

    #[inline(always)]
    fn tile<const BOTH: bool>(&mut self, (x, side): (usize, usize), (y, height): (usize, usize)) {
        let last = self.at(x, y + SIDE - 1);
        if side < SIDE || !self.has_room(y) || last + SIDE > self.tensor.len() {
            return self.by_numbers::<BOTH>(x..x + side, y..y + height);
        }
        let tensor = self.tensor;
        if BOTH {
            for i in 0..height {
                if let Some(from) = tensor[self.at(x, y + i)..].first_chunk() {
                    self.put(self.place(y + i, x), from);
                }
            }
        }
        let turned = self.turn.turned(|k| &tensor[self.at(x, y + k)..]);
        for (k, from) in turned.iter().enumerate() {
            self.put(self.place(x + k, y), from);
        }
    }

    #[inline(always)]
    fn diagonal(&mut self, y: usize, height: usize) {
        if !self.has_room(y) || self.at(y, y + SIDE - 1) + SIDE > self.tensor.len() {
            for top in y..y + height {
                self.by_numbers::<true>(y..top + 1, top..top + 1);
            }
            return;
        }
        let tensor = self.tensor;
        let turned = self.turn.turned(|k| &tensor[self.at(y, y + k)..]);
        for i in 0..SIDE {
            if i < height
                && let Some(low) = tensor[self.at(y, y + i)..].first_chunk::<SIDE>()
            {
                let all = std::array::from_fn(|k| if k <= i { low[k] } else { turned[i][k] });
                self.put(self.place(y + i, y), &all);
            }
        }
    }
}

/// `to += c from`.
#[inline(always)]
fn add_row<S: Scalar, const N: usize>(c: S, from: &[S; N], to: &mut [S; N]) {
    let mut sum = *to;
    for k in 0..N {
        sum[k] += c * from[k];
    }
    *to = sum;
}

/// `to += c direct`, `to += c turned`, for the first N numbers.
#[inline(always)]
fn add_both<S: Scalar, const N: usize>(c: S, direct: &[S], turned: &[S; SIDE], to: &mut [S]) {
    let direct: &[S; N] = first(direct);
    let to = &mut to[..N];
    let mut sum: [S; N] = *first(to);
    for k in 0..N {
        sum[k] = sum[k] + c * direct[k] + c * turned[k];
    }
    to.copy_from_slice(&sum);
}

/// The first N numbers, of which there are as many.
#[inline(always)]
fn first<S, const N: usize>(numbers: &[S]) -> &[S; N] {
    match numbers.first_chunk() {
        Some(first) => first,
        None => panic!("{} numbers where there are {N} at least", numbers.len()),
    }
}
