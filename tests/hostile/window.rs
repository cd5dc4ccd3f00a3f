//! The window on a session that grows: what is done for a painted frame does not grow with it.

use std::sync::mpsc::channel;
use std::time::Instant;

use egui::accesskit::Role;

use crate::driver::Window;
use crate::raw_server::{LIMIT, close, frame, serve};

/// A person sees them all.
const SCREEN: usize = 100;

/// The most that one painting allocated until this many frames are shown: how often, and how many bytes.
fn most_allocated(window: &mut Window, frames: &str) -> (u64, u64) {
    let shown = format!("Timeline, {frames} frames");
    let (mut most, mut bytes) = (0, 0);
    let deadline = Instant::now() + LIMIT;
    while Instant::now() < deadline {
        let cost = allocation_counter::measure(|| window.harness.step());
        (most, bytes) = (cost.count_total.max(most), cost.bytes_total.max(bytes));
        if window.timeline().starts_with(&shown) {
            return (most, bytes);
        }
        std::thread::yield_now();
    }
    panic!("{frames} frames never came; the timeline says {}", window.timeline());
}

#[test]
fn a_painting_costs_the_same_at_a_thousand_and_at_a_hundred_thousand_frames() {
    let (next, asked) = channel::<usize>();
    let server = serve(move |mut peer| {
        peer.upgrade();
        for count in asked {
            // Findings grow as well: each tenth frame is a Pong that nobody asked for.
            peer.send(&[frame(0x82, b"hello").repeat(9), frame(0x8A, b"hello")].concat().repeat(count / 10));
        }
        peer.send(&close(1000));
        peer.read_to_the_end();
    });
    let mut window = Window::open();
    window.connect(&server.url());
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    let grow = |window: &mut Window, count: usize, shown: &str| {
        next.send(count).unwrap();
        most_allocated(window, shown)
    };
    grow(&mut window, 980, "980");
    // The same step, from 980 to 1,000 and from 99,980 to 100,000: twenty frames are new.
    let (few, few_bytes) = grow(&mut window, 20, "1\u{a0}000");
    grow(&mut window, 98_980, "99\u{a0}980");
    let (many, many_bytes) = grow(&mut window, 20, "100\u{a0}000");
    assert!(many <= few + few / 4, "{few} allocations grew to {many}");
    assert!(many_bytes <= few_bytes + few_bytes / 4, "{few_bytes} allocated bytes grew to {many_bytes}");
    // Rows that are not on the screen are not made: a row takes more than one allocation.
    assert!(many < 50_000, "{many}");
    assert!(window.frame_rows().len() < SCREEN);
    drop(next);
    window.until_ended(1000);
    server.result();
}
