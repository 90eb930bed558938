//! What `check` says of the plan: its tensors, what the memory is for, what a
//! right-hand side costs.

mod common;

use common::Place;

const CONFIG: &str = "[model]\nkind = \"custom\"\nK = [[-1.0, 1.0, 0.0], [1.0, -2.0, 0.5], [0.0, 1.0, -0.5]]\n\
                      V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\n\
                      V_value = [1.0, -1.0, 1.0, -1.0]\n[initial]\nF = [0.4, 0.5, 0.1]\n\
                      [expansion]\norder = 2\n[time]\nend = 1.0\n";

#[test]
fn law_check_itemises_tensors_and_memory() {
    let place = Place::with_config(CONFIG);
    let text = place.succeed(&["check", "config.toml", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let tensors = found["tensors"].as_array().unwrap();
    let number = |value: &serde_json::Value| value.as_u64().unwrap();
    let of = |key: &str| -> Vec<u64> { tensors.iter().map(|t| number(&t[key])).collect() };
    // By order; C(3+j−1, j) numbers of 8 bytes.
    assert_eq!(of("order"), [0, 1, 1, 2, 2, 2]);
    assert_eq!(of("j"), [1, 2, 1, 3, 2, 1]);
    assert_eq!(of("l"), [0, 0, 1, 0, 1, 2]);
    assert_eq!(of("entries"), [3, 6, 3, 10, 6, 3]);
    assert_eq!(of("bytes"), [24, 48, 24, 80, 48, 24]);
    // Both ends of a step and six stages.
    let memory = &found["memory"];
    assert_eq!(number(&memory["integrator"]), 8 * 31 * 8);
    for key in ["scratch", "linearisations", "pairs", "model", "program"] {
        assert!(number(&memory[key]) > 0, "{key}: {memory}");
    }
    // Two linearisations, K + Δ_1 and the K in it, 3×3 numbers each.
    assert_eq!(number(&memory["linearisations"]), 4 * 9 * 8);
    let items = memory.as_object().unwrap().values().map(number);
    assert_eq!(items.sum::<u64>(), number(&found["bytes"]));
    for key in ["operations", "seconds"] {
        assert!(found["right_hand_side"][key].as_f64().unwrap() > 0.0);
    }
    assert!(found["solve"]["right_hand_sides"].as_f64().unwrap() > 6.0);

    let text = place.succeed(&["check", "config.toml"]);
    for part in [
        "order 2",
        "g_3,0 10 (80 B), g_2,1 6 (48 B), g_1,2 3 (24 B)",
        "integrator",
        "8 times the unknowns, 248 B",
        "operations",
        "matrix products",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
