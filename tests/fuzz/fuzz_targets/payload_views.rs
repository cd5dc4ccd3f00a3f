//! Any bytes seen through every encoding: no panic, no hang, bounds that hold, and places that lie inside the payload.
#![no_main]

use closelook_fuzz::content::encoding::{Encoding, View};
use closelook_fuzz::content::json;
use closelook_fuzz::content::tree::{End, LONGEST_LABEL, LONGEST_VALUE, Limits, Tree};
use libfuzzer_sys::fuzz_target;

fn check(tree: &Tree, payload: &[u8]) {
    assert!(tree.nodes().len() <= Limits::VIEW.nodes);
    for (place, node) in tree.nodes().iter().enumerate() {
        assert!(node.label.len() <= LONGEST_LABEL && node.value.len() <= LONGEST_VALUE);
        assert!(node.range.start <= node.range.end && node.range.end <= payload.len());
        assert!(node.depth < Limits::VIEW.depth);
        assert!((place + 1..=tree.nodes().len()).contains(&tree.end_of(place)));
    }
    match &tree.end {
        End::Complete => {}
        End::Cut { at, .. } => assert!(*at <= payload.len()),
        End::Fault(fault) => assert!(fault.at <= payload.len()),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((first, payload)) = input.split_first() else { return };
    for encoding in Encoding::ALL {
        match encoding.view(payload) {
            Ok(View::Tree(tree)) => check(&tree, payload),
            Ok(View::Inside { bytes, view, .. }) => {
                if let View::Tree(tree) = *view {
                    check(&tree, &bytes);
                }
            }
            Ok(View::Text(_) | View::Bytes) => {}
            Err(fault) => assert!(fault.at <= payload.len()),
        }
    }
    // What is guessed can be shown.
    assert!(Encoding::detect(payload, first & 1 == 0, first & 2 == 0).view(payload).is_ok());
    let pretty = json::pretty(payload);
    assert_eq!(
        pretty.end == End::Complete,
        json::tree(payload, Limits { depth: 1, nodes: usize::MAX }).end == End::Complete
    );
});
