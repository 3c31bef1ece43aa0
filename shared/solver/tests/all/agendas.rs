//! Agendas: published optima, and every order tried on small ones.

use solver::order::{Agenda, Item, cost, order, read_dzn};

fn fixture(name: &str) -> Agenda {
    let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    read_dzn(&std::fs::read_to_string(path).expect("sample")).expect("an agenda")
}

fn random(rng: &mut fastrand::Rng, items: usize) -> Agenda {
    Agenda {
        items: (0..items).map(|_| Item { minutes: rng.u32(1..60), agencies: rng.u64(0..64) }).collect(),
        weights: (0..6).map(|_| rng.u32(0..9)).collect(),
        ..Agenda::default()
    }
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    permutations(n - 1)
        .into_iter()
        .flat_map(|shorter| {
            (0..n).map(move |at| {
                let mut longer = shorter.clone();
                longer.insert(at, n - 1);
                longer
            })
        })
        .collect()
}

#[test]
fn no_order_of_a_small_agenda_waits_less() {
    let mut rng = fastrand::Rng::with_seed(7);
    for round in 0..60 {
        let mut agenda = random(&mut rng, 6);
        if round % 3 == 1 {
            agenda.before = vec![(0, 3), (4, 3), (5, 1)];
        }
        if round % 3 == 2 {
            agenda.fixed = vec![(2, 0), (1, 4)];
        }
        let allowed = permutations(6).into_iter().filter(|p| {
            let place = |item: usize| p.iter().position(|&i| i == item);
            agenda.before.iter().all(|&(a, b)| place(a) < place(b))
                && agenda.fixed.iter().all(|&(item, at)| place(item) == Some(at))
        });
        let least = allowed.map(|p| cost(&agenda, &p).0).min().expect("some order");
        let found = order(&agenda).expect("an order");
        assert!(found.exact);
        assert_eq!(found.presence, least, "round {round}: {agenda:?}");
        assert_eq!((found.presence, found.waiting), cost(&agenda, &found.sequence));
        for &(a, b) in &agenda.before {
            let place = |item: usize| found.sequence.iter().position(|&i| i == item);
            assert!(place(a) < place(b));
        }
    }
}

#[test]
fn twenty_items_are_exact_in_a_second_and_forty_are_ordered_too() {
    let mut rng = fastrand::Rng::with_seed(3);
    let begun = solver::budget::thread_cpu();
    assert!(order(&random(&mut rng, 20)).expect("an order").exact);
    assert!(solver::budget::thread_cpu() - begun < std::time::Duration::from_secs(1));
    let mut many = random(&mut rng, 40);
    for (at, item) in many.items.iter_mut().enumerate() {
        // All distinct, so that nothing is merged.
        item.agencies = at as u64 + 1;
    }
    let found = order(&many).expect("an order");
    assert!(!found.exact);
    let as_given: Vec<usize> = (0..40).collect();
    assert!(found.presence < cost(&many, &as_given).0);
    let mut sorted = found.sequence;
    sorted.sort_unstable();
    assert_eq!(sorted, as_given);
}

#[test]
fn a_file_is_read_and_its_best_order_found() {
    let agenda = fixture("agenda.dzn");
    assert_eq!((agenda.items.len(), agenda.weights.len()), (4, 3));
    let found = order(&agenda).expect("an order");
    let least = permutations(4).iter().map(|p| cost(&agenda, p).0).min();
    assert_eq!(Some(found.presence), least);
}

#[test]
fn contradicting_rules_are_refused() {
    let mut agenda = random(&mut fastrand::Rng::with_seed(1), 3);
    agenda.before = vec![(0, 1), (1, 0)];
    assert!(order(&agenda).expect_err("no order").to_string().contains("contradict"));
    agenda.before = vec![(0, 7)];
    assert_eq!(order(&agenda).expect_err("no such item").field, "before[0]");
}
