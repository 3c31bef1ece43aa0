//! Experiments.
fn main() {
    for f in std::env::args().skip(1) {
        let t = std::time::Instant::now();
        let agenda = solver::order::read_dzn(&std::fs::read_to_string(&f).unwrap()).unwrap();
        println!("{f} {:?} {:?}", solver::order::order(&agenda).unwrap(), t.elapsed());
    }
    let mut rng = fastrand::Rng::with_seed(1);
    let agenda = solver::order::Agenda { items: (0..22).map(|_| solver::order::Item { minutes: rng.u32(1..9), agencies: rng.u64(1..1<<20) }).collect(), weights: vec![3; 20], ..Default::default() };
    let t = std::time::Instant::now();
    println!("{:?} {:?}", solver::order::order(&agenda).unwrap(), t.elapsed());
}
