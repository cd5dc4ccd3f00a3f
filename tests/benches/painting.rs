//! What painting the window costs: processor time of its thread for one frame on the screen, with the table, the timeline and the
//! detail of a selected frame open, in sessions of a thousand to ten million frames.
//!
//! A painting is everything that happens on that thread up to the triangles that go to the graphics card. Paintings are as far apart as
//! on a screen with 60 Hz, so that the processor's caches have seen something else between two.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use closelook::app::settings::Settings;
use closelook::logs::journal::JournalFolder;
use closelook::logs::{self, Format};
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::opcode::Opcode;
use egui::accesskit::Role;
use tempfile::TempDir;

use crate::conversation;
use crate::driver::{USUAL_SIZE, Window};
use crate::row::{Figure, Goal, alone, compared, left_out};

const SIZES: [usize; 3] = [1_000, 1_000_000, 10_000_000];
const PAINTINGS: usize = 200;
/// How many paintings a session of a thousand frames gets while it grows, before it has far more.
const EARLY_PAINTINGS: usize = 30;
/// How far two paintings are apart.
const BETWEEN: Duration = Duration::from_micros(16_667);
/// Frames a second of a live session.
const RATE: usize = 50_000;
/// About how many frames are in view when the timeline is zoomed in.
const CLOSE: usize = 150;

const MOST_TIMES: Goal = Goal::AtMost(1.2);
const MOST_SECONDS: Goal = Goal::AtMost(0.004);

pub(crate) fn run() {
    if running_time().is_none() {
        return left_out("painting", "not measured: this system does not tell the processor time of a thread");
    }
    let folder = TempDir::new().unwrap();
    let mut first: Option<[Cost; 2]> = None;
    for size in SIZES {
        let path = folder.path().join(format!("{size}.pcapng"));
        let session = conversation::session(Side::Server, (0..size).map(frame));
        logs::save(&session, &path, Format::PcapNg, &mut |_| ControlFlow::Continue(())).unwrap();
        drop(session);
        let costs = paint_log(&path, size);
        for (place, view) in ["whole session", "zoomed in"].into_iter().enumerate() {
            report(&format!("{view}, {size} frames"), costs[place], first.map(|first| first[place]));
        }
        first.get_or_insert(costs);
        fs::remove_file(path).unwrap();
    }
    let [few, .., many] = SIZES;
    let early = paint_live(few, EARLY_PAINTINGS, folder.path());
    report(&format!("live, {RATE} frames/s from {few} on"), early, None);
    let late = paint_live(many, PAINTINGS, folder.path());
    report(&format!("live, {RATE} frames/s from {many} on"), late, Some(early));
}

/// Seconds of processor time for a painting.
#[derive(Debug, Clone, Copy)]
struct Cost {
    mean: f64,
    /// One of a hundred takes longer.
    worst: f64,
}

fn report(what: &str, cost: Cost, few: Option<Cost>) {
    let what = format!("painting, {what}");
    match few {
        Some(few) => compared(&what, Figure::Seconds(cost.mean), Figure::Seconds(few.mean), "1000 frames", MOST_TIMES),
        None => alone(&what, Figure::Seconds(cost.mean), Goal::None),
    }
    alone(&format!("{what}, 99 of 100 at most"), Figure::Seconds(cost.worst), MOST_SECONDS);
}

/// A log in the window: all of it in view, and then a few frames.
fn paint_log(path: &Path, size: usize) -> [Cost; 2] {
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    window.until("the log is open", |window| window.says("Opened "));
    assert!(window.timeline().contains(&written(size)), "{}", window.timeline());
    if window.has(Role::Button, "Hide") {
        window.press("Hide");
    }
    window.click_start(Role::ListItem, "Frame ");
    let whole = measure(&mut window, PAINTINGS);
    for _ in 0..(size / CLOSE).ilog2() {
        window.press("Zoom in (+)");
    }
    [whole, measure(&mut window, PAINTINGS)]
}

/// A session that goes on while it is painted, kept in a journal, with the table at its newest frame.
fn paint_live(size: usize, paintings: usize, folder: &Path) -> Cost {
    let (address, orders) = start_server();
    let journals = JournalFolder::new(folder.join("journals"));
    let mut window = Window::keeping(USUAL_SIZE, Settings::default(), &[], Some(journals));
    window.connect(&format!("ws://{address}/"));
    orders.send(Order::Send(size)).unwrap();
    let enough = written(size);
    window.until("all frames have come", |window| window.timeline().contains(&enough));
    window.click_start(Role::ListItem, "Frame ");
    window.press("Follow newest");
    orders.send(Order::Stream).unwrap();
    let cost = measure(&mut window, paintings);
    let more = window.timeline();
    assert!(!more.contains(&enough), "the session went on: {more}");
    orders.send(Order::End).unwrap();
    cost
}

/// A number of frames as the window writes it.
fn written(size: usize) -> String {
    closelook::ui::format::frames(size)
}

/// Paints at the pace of a screen.
fn measure(window: &mut Window, paintings: usize) -> Cost {
    let context = window.harness.ctx.clone();
    // Nobody reads the screen aloud.
    context.disable_accesskit();
    let mut frame = eframe::Frame::_new_kittest();
    let app = window.harness.state_mut();
    let mut costs = Vec::new();
    let mut due = Instant::now();
    let mut before = None;
    for painting in 0..=paintings {
        // The system counts a thread's time when the thread rests.
        due += BETWEEN;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let so_far = running_time();
        costs.extend(before.zip(so_far).map(|(before, so_far)| (so_far - before).as_secs_f64()));
        before = so_far;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, USUAL_SIZE)),
            time: Some(1e6 + painting as f64 * BETWEEN.as_secs_f64()),
            ..egui::RawInput::default()
        };
        let output = context.run_ui(input, |ui| {
            eframe::App::logic(app, ui.ctx(), &mut frame);
            eframe::App::ui(app, ui, &mut frame);
        });
        std::hint::black_box(context.tessellate(output.shapes, output.pixels_per_point));
    }
    context.enable_accesskit();
    window.harness.step();
    // The first one may have to make what the others find.
    costs.remove(0);
    costs.sort_by(f64::total_cmp);
    Cost { mean: costs.iter().sum::<f64>() / costs.len() as f64, worst: costs[costs.len() * 99 / 100] }
}

/// How long this thread has been running on a processor; `None` where the system does not tell.
fn running_time() -> Option<Duration> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(statistics.split(' ').next()?.parse().ok()?))
}

// --- what is painted --------------------------------------------------------------------------------------------------------------

/// A frame of a server that sends a bit of everything.
fn frame(number: usize) -> Vec<u8> {
    let text = format!("{{\"seq\":{number},\"symbol\":\"ABC\",\"price\":{}.25}}", number % 977);
    let header = |opcode, length: usize| FrameHeader::new(opcode, length as u64);
    match number % 1_000 {
        0 => header(Opcode::Ping, 4).with_payload(b"ping"),
        // A code that must not be reserved bits: a finding in every thousand frames.
        500 => FrameHeader { rsv2: true, ..header(Opcode::Text, text.len()) }.with_payload(text.as_bytes()),
        place if place % 10 == 7 => header(Opcode::Binary, 24).with_payload(&[number as u8; 24]),
        _ => header(Opcode::Text, text.len()).with_payload(text.as_bytes()),
    }
}

/// What the server does next.
enum Order {
    /// So many frames, as fast as they are taken.
    Send(usize),
    /// [`RATE`] frames a second, until the next order.
    Stream,
    End,
}

fn start_server() -> (std::net::SocketAddr, Sender<Order>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (orders, ordered) = channel();
    thread::spawn(move || serve(listener.accept().unwrap().0, &ordered));
    (address, orders)
}

fn serve(mut stream: TcpStream, orders: &Receiver<Order>) {
    conversation::upgrade(&mut stream);
    let mut incoming = stream.try_clone().unwrap();
    thread::spawn(move || incoming.read_to_end(&mut Vec::new()));
    let mut number = 0;
    let mut send = |count: usize| {
        let frames: Vec<u8> = (number..number + count).flat_map(frame).collect();
        number += count;
        stream.write_all(&frames).unwrap();
    };
    let mut order = orders.recv();
    loop {
        match order {
            Ok(Order::Send(count)) => {
                (0..count).step_by(1_000).for_each(|start| send(1_000.min(count - start)));
                order = orders.recv();
            }
            Ok(Order::Stream) => {
                let (began, mut sent) = (Instant::now(), 0);
                order = loop {
                    let due = (began.elapsed().as_secs_f64() * RATE as f64) as usize;
                    send(due - sent);
                    sent = due;
                    match orders.recv_timeout(Duration::from_millis(1)) {
                        Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
                        order => break order.map_err(|_| std::sync::mpsc::RecvError),
                    }
                };
            }
            Ok(Order::End) | Err(_) => return,
        }
    }
}
