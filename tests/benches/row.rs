//! The rows of the one table that all benches print.

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtMost(f64),
    /// It is there to be seen.
    None,
}

/// Something that was measured, in its unit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Figure {
    Seconds(f64),
    Number(f64),
}

impl Figure {
    pub(crate) fn value(self) -> f64 {
        match self {
            Figure::Seconds(value) | Figure::Number(value) => value,
        }
    }

    fn written(self) -> String {
        match self {
            Figure::Seconds(seconds) if seconds < 1e-6 => format!("{:.1} ns", seconds * 1e9),
            Figure::Seconds(seconds) if seconds < 1e-3 => format!("{:.1} µs", seconds * 1e6),
            Figure::Seconds(seconds) if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
            Figure::Seconds(seconds) => format!("{seconds:.2} s"),
            Figure::Number(number) => format!("{number:.2}"),
        }
    }

    /// A limit in the same unit.
    fn limit(self, limit: f64) -> Figure {
        match self {
            Figure::Seconds(_) => Figure::Seconds(limit),
            Figure::Number(_) => Figure::Number(limit),
        }
    }
}

/// Names the columns.
pub(crate) fn head() {
    println!("{:60} {:>11} {:>11} {:>7}  {:18} beside", "", "closelook", "beside", "ratio", "goal");
}

/// A figure beside that of something else that did the same work in the same run; the goal is for their ratio.
pub(crate) fn compared(what: &str, here: Figure, beside: Figure, beside_what: &str, goal: Goal) {
    let ratio = Figure::Number(here.value() / beside.value());
    row(what, [here.written(), beside.written(), ratio.written()], judged(ratio, goal), beside_what);
}

/// A figure that the goal is for.
pub(crate) fn alone(what: &str, here: Figure, goal: Goal) {
    row(what, [here.written(), String::new(), String::new()], judged(here, goal), "");
}

/// What cannot be measured here, and why.
pub(crate) fn left_out(what: &str, why: &str) {
    println!("{what:60} {why}");
}

fn judged(figure: Figure, goal: Goal) -> String {
    match goal {
        Goal::AtMost(most) => {
            let is_met = figure.value() <= most;
            format!("≤ {} {}", figure.limit(most).written(), if is_met { "met" } else { "missed" })
        }
        Goal::None => String::new(),
    }
}

fn row(what: &str, [here, beside, ratio]: [String; 3], goal: String, beside_what: &str) {
    println!("{}", format!("{what:60} {here:>11} {beside:>11} {ratio:>7}  {goal:18} {beside_what}").trim_end());
}
