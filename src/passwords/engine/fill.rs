//! The memory filled pass by pass, slice by slice, lane by lane (RFC 9106, 3.2 to 3.4).
//!
//! The blocks of one slice lie together here, lane behind lane, and not lane by lane as the
//! standard draws them: where a block lies in memory does not change the hash. So, while a slice
//! is computed, each lane owns its part of it and everything that it may refer to elsewhere is
//! finished and only read. The borrow checker sees this, and lanes go to threads without `unsafe`.

use core::cmp::Ordering;
use core::slice::ChunksMut;
use std::sync::{Mutex, PoisonError};

use bytemuck::cast_slice_mut;
use zeroize::Zeroizing;

use super::Inputs;
use super::blake2b;
use super::block::Block;
use super::compress::prefetch;
use super::kernel::Kernel;
use crate::Result;
use crate::passwords::memory::Memory;
use crate::passwords::params::{Parameters, Type, Version};
use crate::threads;

/// Computes the tag on at most `threads` threads.
#[target_feature(enable = "avx2")]
pub(super) fn hash(
    kernel: Kernel,
    inputs: &Inputs<'_>,
    parameters: &Parameters,
    threads: usize,
    tag: &mut [u8],
) -> Result<()> {
    let shape = Shape::of(parameters);
    let mut memory = Memory::take(shape.blocks() * Block::SIZE)?;
    let blocks: &mut [Block] = cast_slice_mut(memory.bytes());
    let h0 = blake2b::initial(inputs, parameters)?;

    // The state of a lane is its newest block, in the cache; at the end, its last one.
    let mut states = Zeroizing::new(vec![Block::ZERO; shape.lanes]);
    let segments = blocks.chunks_exact_mut(shape.segment_length);
    for ((state, segment), lane) in states.iter_mut().zip(segments).zip(0_u32..) {
        for (block, number) in segment.iter_mut().zip(0_u32..2) {
            let parts = [&*h0, &number.to_le_bytes()[..], &lane.to_le_bytes()[..]];
            blake2b::long(&parts, block.bytes_mut())?;
            kernel.arrange(block);
            *state = *block;
        }
    }
    for pass in 0..parameters.time_cost {
        for number in 0..SLICES {
            Slice { kernel, parameters, shape, pass, number }.fill(blocks, &mut states, threads);
        }
    }
    let mut last = Zeroizing::new(Block::ZERO);
    for state in states.iter() {
        *last ^= state;
    }
    kernel.restore(&mut last);
    blake2b::long(&[last.bytes()], tag)
}

/// How the memory is divided (RFC 9106, 3.2, step 2).
#[derive(Clone, Copy)]
struct Shape {
    lanes: usize,
    /// Blocks in the part of a lane that is computed without looking at other lanes'.
    segment_length: usize,
}

impl Shape {
    fn of(parameters: &Parameters) -> Self {
        let lanes = parameters.parallelism as usize;
        Self { lanes, segment_length: parameters.memory_cost as usize / (SLICES * lanes) }
    }

    /// Blocks that are really used: whole segments only.
    const fn blocks(self) -> usize {
        self.segment_length * SLICES * self.lanes
    }
}

/// One quarter of one pass.
#[derive(Clone, Copy)]
struct Slice<'a> {
    kernel: Kernel,
    parameters: &'a Parameters,
    shape: Shape,
    pass: u32,
    number: usize,
}

impl Slice<'_> {
    #[target_feature(enable = "avx2")]
    fn fill(self, blocks: &mut [Block], states: &mut [Block], threads: usize) {
        let segment_length = self.shape.segment_length;
        let width = segment_length * states.len();
        let (before, rest) = blocks.split_at_mut(width * self.number);
        let (current, after) = rest.split_at_mut(width);
        let others = Finished { before, after, width, segment_length, current: self.number };

        let mut lanes: Vec<Lane<'_>> = states
            .iter_mut()
            .zip(current.chunks_exact_mut(segment_length))
            .enumerate()
            .map(|(number, (state, segment))| Lane {
                number,
                state,
                segment,
                reference: Position { slice: 0, lane: number, index: 0 },
                addresses: Block::ZERO,
                counter: 0,
            })
            .collect();
        // Two lanes in turns hide each other's waits; four or eight fall out of the cache.
        let together = lanes.len().div_ceil(threads.max(1)).min(2);
        let helpers = threads.min(lanes.len()).saturating_sub(1);
        let queue = Mutex::new(lanes.chunks_mut(together));
        let work = || self.work(&queue, others);
        threads::beside(helpers, || work, work);
    }

    /// Takes lanes from the queue until there are none.
    #[target_feature(enable = "avx2")]
    fn work(self, queue: &Mutex<ChunksMut<'_, Lane<'_>>>, others: Finished<'_>) {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(lanes) = next else { return };
            if self.pass == 0 || self.parameters.version == Version::V0x10 {
                self.fill_lanes::<false>(lanes, others);
            } else {
                self.fill_lanes::<true>(lanes, others);
            }
        }
    }

    #[target_feature(enable = "avx2")]
    fn fill_lanes<const XOR: bool>(self, lanes: &mut [Lane<'_>], others: Finished<'_>) {
        let independent = match self.parameters.kind {
            Type::D => false,
            Type::I => true,
            Type::Id => self.pass == 0 && self.number < SLICES / 2,
        };
        // The first two blocks of a lane are hashes.
        let first = if self.pass == 0 && self.number == 0 { 2 } else { 0 };
        for lane in &mut *lanes {
            let random = if independent {
                self.next_addresses(lane);
                lane.addresses[self.kernel.place(first)]
            } else {
                lane.state[0]
            };
            lane.reference = self.position(random, lane.number, first);
        }
        for index in first..self.shape.segment_length {
            for lane in &mut *lanes {
                if independent {
                    self.step_independent::<XOR>(lane, others, index);
                } else {
                    self.step_dependent::<XOR>(lane, others, index);
                }
            }
        }
    }

    /// Computes one block; where the next one refers to is read from this one.
    #[target_feature(enable = "avx2")]
    fn step_dependent<const XOR: bool>(
        self,
        lane: &mut Lane<'_>,
        others: Finished<'_>,
        index: usize,
    ) {
        let (done, rest) = lane.segment.split_at_mut(index);
        let Some(target) = rest.first_mut() else { return };
        let mut next = lane.reference;
        self.kernel.compress::<XOR>(lane.state, others.block(next, done), target, |word| {
            if index + 1 < self.shape.segment_length {
                next = self.position(word, lane.number, index + 1);
                prefetch(others.block(next, done));
            }
        });
        lane.reference = next;
    }

    /// Computes one block; where the next one refers to is known in advance.
    #[target_feature(enable = "avx2")]
    fn step_independent<const XOR: bool>(
        self,
        lane: &mut Lane<'_>,
        others: Finished<'_>,
        index: usize,
    ) {
        let current = lane.reference;
        let next = index + 1;
        if next < self.shape.segment_length {
            if next.is_multiple_of(ADDRESSES) {
                self.next_addresses(lane);
            }
            let random = lane.addresses[self.kernel.place(next % ADDRESSES)];
            lane.reference = self.position(random, lane.number, next);
        }
        let (done, rest) = lane.segment.split_at_mut(index);
        let Some(target) = rest.first_mut() else { return };
        if next < self.shape.segment_length {
            prefetch(others.block(lane.reference, done));
        }
        self.kernel.compress::<XOR>(lane.state, others.block(current, done), target, |_| ());
    }

    /// The next 128 pseudo-random values of a lane (RFC 9106, 3.4.1.2).
    #[target_feature(enable = "avx2")]
    fn next_addresses(self, lane: &mut Lane<'_>) {
        lane.counter += 1;
        let mut input = Block::ZERO;
        let numbers = [
            u64::from(self.pass),
            lane.number as u64,
            self.number as u64,
            self.shape.blocks() as u64,
            u64::from(self.parameters.time_cost),
            u64::from(self.parameters.kind.number()),
            lane.counter,
        ];
        for (word, number) in numbers.into_iter().enumerate() {
            input[self.kernel.place(word)] = number;
        }
        let (mut zero, mut once) = (Block::ZERO, Block::ZERO);
        self.kernel.compress::<false>(&mut zero, &input, &mut once, |_| ());
        zero = Block::ZERO;
        self.kernel.compress::<false>(&mut zero, &once, &mut lane.addresses, |_| ());
    }

    /// Which block a pseudo-random value refers to (RFC 9106, 3.4.2).
    #[expect(clippy::inline_always, reason = "once a block, three call sites: 5 % of the time")]
    #[expect(clippy::cast_possible_truncation, reason = "the value is below the area, a usize")]
    #[inline(always)]
    fn position(self, random: u64, lane: usize, index: usize) -> Position {
        let segment_length = self.shape.segment_length;
        let first_slice = self.pass == 0 && self.number == 0;
        let other = (random >> 32) as u32 % self.parameters.parallelism;
        let reference_lane = if first_slice { lane } else { other as usize };

        // The reference area: the finished segments, and of the own lane's current one what there
        // is before the previous block. It is never empty: `index` is at least 2 in the first
        // slice, and elsewhere a whole segment of at least 2 blocks is finished.
        let finished = if self.pass == 0 { self.number } else { SLICES - 1 };
        let area = if reference_lane == lane {
            finished * segment_length + index - 1
        } else {
            finished * segment_length - usize::from(index == 0)
        } as u64;
        let j1 = random & 0xFFFF_FFFF;
        let x = (j1 * j1) >> 32;
        let z = (area - 1 - ((area * x) >> 32)) as usize;

        // Counted from the oldest segment on.
        let oldest = if self.pass == 0 { 0 } else { self.number + 1 };
        let segment = (1..SLICES).filter(|n| z >= n * segment_length).count();
        Position {
            slice: (oldest + segment) % SLICES,
            lane: reference_lane,
            index: z - segment * segment_length,
        }
    }
}

/// A lane, as far as the current slice goes.
struct Lane<'a> {
    number: usize,
    state: &'a mut Block,
    segment: &'a mut [Block],
    /// Where the next block refers to.
    reference: Position,
    /// Pseudo-random values of the data-independent kind, and how often they were made.
    addresses: Block,
    counter: u64,
}

/// Where a block is.
#[derive(Clone, Copy)]
struct Position {
    slice: usize,
    lane: usize,
    index: usize,
}

/// All blocks but those of the current slice.
#[derive(Clone, Copy)]
struct Finished<'a> {
    before: &'a [Block],
    after: &'a [Block],
    current: usize,
    /// Blocks in a slice and in a segment.
    width: usize,
    segment_length: usize,
}

impl<'a> Finished<'a> {
    /// The block at a position; `done` is the finished part of the lane's own current segment.
    #[expect(
        clippy::indexing_slicing,
        reason = "positions lie in what is finished: see `position`"
    )]
    #[expect(clippy::inline_always, reason = "as `position`")]
    #[inline(always)]
    fn block(self, position: Position, done: &'a [Block]) -> &'a Block {
        let offset = position.lane * self.segment_length + position.index;
        match position.slice.cmp(&self.current) {
            Ordering::Less => &self.before[position.slice * self.width + offset],
            Ordering::Equal => &done[position.index],
            Ordering::Greater => {
                &self.after[(position.slice - self.current - 1) * self.width + offset]
            }
        }
    }
}

/// Sync points of a pass (RFC 9106, 3.2).
const SLICES: usize = 4;
/// Pseudo-random values in one address block.
const ADDRESSES: usize = 128;
