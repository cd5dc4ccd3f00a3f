//! The view onto a session's time, from one microsecond to ten years.

use closelook::protocol::moment::Moment;
use closelook::ui::time_axis::{self, TimeAxis};
use closelook::ui::time_view::TimeView;
use proptest::prelude::*;

const MICROSECOND: u64 = 1_000;
const SECOND: u64 = 1_000_000_000;
const YEAR: u64 = 365 * 24 * 3_600 * SECOND;

/// How long a session is: any power of ten, up to ten years.
fn newest() -> impl Strategy<Value = u64> {
    (0..=17_u32, 1.0..10.0_f64).prop_map(|(power, factor)| ((10_f64.powi(power as i32) * factor) as u64).min(10 * YEAR))
}

/// What somebody does with the view, at a place across it.
#[derive(Debug, Clone, Copy)]
enum Step {
    Zoom(f64, f64),
    Pan(f64),
    Drag(f64, f64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0.05..20.0_f64, 0.0..=1.0_f64).prop_map(|(factor, place)| Step::Zoom(factor, place)),
        (-1.0..1.0_f64).prop_map(Step::Pan),
        (0.0..=1.0_f64, 0.0..=1.0_f64).prop_map(|(from, to)| Step::Drag(from, to)),
    ]
}

fn taken(step: Step, view: &mut TimeView) {
    match step {
        Step::Zoom(factor, place) => view.zoom(factor, place),
        Step::Pan(fraction) => view.pan(fraction),
        Step::Drag(from, to) => view.put(view.at(from), to),
    }
}

proptest! {
    /// The moment under the pointer is the same before and after, to the nanosecond.
    #[test]
    fn zooming_keeps_what_is_under_the_pointer(
        newest in newest(),
        steps in prop::collection::vec(step(), 0..20),
        factor in 0.001..1_000.0_f64,
        place in 0.0..=1.0_f64,
    ) {
        let mut view = TimeView::whole(Moment(newest));
        for step in steps {
            taken(step, &mut view);
            view.clamp_to(Moment(newest));
        }
        let before = view.at(place);
        view.zoom(factor, place);
        prop_assert_eq!(view.at(place), before);
        prop_assert!(view.span >= MICROSECOND as i64);
    }

    /// From the whole session down to a microsecond, in small steps, at a moment of the session that the pointer stays on.
    #[test]
    fn a_moment_is_not_lost_on_the_way_down_and_up(
        newest in newest(),
        place in 0.0..=1.0_f64,
        factor in 0.3..0.99_f64,
    ) {
        let whole = TimeView::whole(Moment(newest));
        let aimed = whole.at(place);
        prop_assume!((0..=newest as i64).contains(&aimed));
        let mut view = whole;
        while view.span > MICROSECOND as i64 {
            view.zoom(factor, place);
            view.clamp_to(Moment(newest));
            prop_assert_eq!(view.at(place), aimed);
        }
        prop_assert_eq!(view.span, MICROSECOND as i64);
        while view.span < whole.span / 2 {
            view.zoom(1.0 / factor, place);
            prop_assert_eq!(view.at(place), aimed);
        }
    }

    /// However the view is moved, it ends within reach of the session and no wider than it.
    #[test]
    fn the_view_stays_at_the_session(newest in newest(), steps in prop::collection::vec(step(), 1..40)) {
        let whole = TimeView::whole(Moment(newest));
        let mut view = whole;
        for step in steps {
            taken(step, &mut view);
            view.clamp_to(Moment(newest));
            prop_assert!(view.span <= whole.span);
            let last = newest.max(MICROSECOND) as i64;
            prop_assert!((-(view.span / 40)..=last).contains(&view.start), "{:?} of {:?}", view, whole);
            prop_assert!(view.end() >= 0);
        }
    }

    /// What is dragged is under the pointer however small the steps are.
    #[test]
    fn dragging_does_not_drift(newest in newest(), place in 0.0..=1.0_f64, moves in prop::collection::vec(0.0..=1.0_f64, 1..50)) {
        let mut view = TimeView::whole(Moment(newest));
        view.zoom(1e-6, 0.5);
        let grabbed = view.at(place);
        for to in moves {
            view.put(grabbed, to);
            prop_assert_eq!(view.at(to), grabbed);
        }
    }

    /// The end of a session that is followed is in view at any zoom.
    #[test]
    fn the_newest_frame_is_in_view_when_followed(newest in newest(), span in newest()) {
        let view = TimeView::at_the_end(Moment(newest), span.max(MICROSECOND) as i64);
        let fraction = view.fraction(Moment(newest));
        prop_assert!((0.9..1.0).contains(&fraction), "{}", fraction);
    }

    /// The ticks are in view, in order, told apart, and as many as there is room for.
    #[test]
    fn ticks_can_be_told_apart(
        newest in newest(),
        steps in prop::collection::vec(step(), 0..10),
        most in 2..30_usize,
    ) {
        let mut view = TimeView::whole(Moment(newest));
        for step in steps {
            taken(step, &mut view);
            view.clamp_to(Moment(newest));
        }
        let axis = TimeAxis::of(&view, most);
        let ticks: Vec<(i64, String)> = axis.ticks().collect();
        prop_assert!(ticks.len() <= most + 1, "{:?}", ticks);
        for (at, text) in &ticks {
            prop_assert!((view.start.max(0)..=view.end()).contains(at), "{} of {:?}", text, view);
            prop_assert!(text.chars().count() <= 14, "{}", text);
        }
        for pair in ticks.windows(2) {
            prop_assert!(pair[0].0 < pair[1].0);
            prop_assert_ne!(&pair[0].1, &pair[1].1);
        }
    }
}

/// What the labels of a view count from, and the first of them.
fn labels(start: u64, span: u64) -> (Option<String>, [String; 3]) {
    let axis = TimeAxis::of(&TimeView { start: start as i64, span: span as i64 }, 6);
    let mut texts = axis.ticks().map(|(_, text)| text);
    (axis.origin().map(|(_, text)| text), std::array::from_fn(|_| texts.next().unwrap()))
}

#[test]
fn labels_count_from_the_start_while_that_is_short() {
    for (start, span, expected) in [
        (0, 600, ["0 ns", "200 ns", "400 ns"]),
        (0, 1_000, ["0.0 µs", "0.2 µs", "0.4 µs"]),
        (0, 40 * MICROSECOND, ["0 µs", "10 µs", "20 µs"]),
        (12 * SECOND, SECOND, ["12.0 s", "12.2 s", "12.4 s"]),
        (90 * SECOND, 20 * SECOND, ["1 min 30 s", "1 min 35 s", "1 min 40 s"]),
        (3_600 * SECOND, 80 * 60 * SECOND, ["1 h", "1 h 15 min", "1 h 30 min"]),
        (0, 10 * YEAR, ["0 d", "1000 d", "2000 d"]),
    ] {
        assert_eq!(labels(start, span), (None, expected.map(str::to_owned)), "{start} and {span} from there");
    }
}

#[test]
fn labels_count_from_a_moment_that_is_written_out_where_that_is_shorter() {
    for (start, span, origin, expected) in [
        (12_345_678_100, 2 * MICROSECOND, "12.345678 s", ["+500 ns", "+1000 ns", "+1500 ns"]),
        (3_723_400_000_000, 4_000_000, "1 h 2 min 3 s", ["+400 ms", "+401 ms", "+402 ms"]),
        (9 * YEAR, MICROSECOND, "3285 d 0 h 0 min 0.000000 s", ["+0 ns", "+200 ns", "+400 ns"]),
    ] {
        assert_eq!(labels(start, span), (Some(origin.into()), expected.map(str::to_owned)));
    }
}

#[test]
fn a_moment_is_written_with_what_can_be_told_apart() {
    assert_eq!(time_axis::moment(1_234_567_891, MICROSECOND as i64), "1.234567891 s");
    assert_eq!(time_axis::moment(1_234_567_891, SECOND as i64), "1.234 s");
    assert_eq!(time_axis::moment(3_723_400_000_000, 3_600 * SECOND as i64), "1 h 2 min 3 s");
}
