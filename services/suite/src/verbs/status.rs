//! `lianxi status`: what runs on the data folder, wrong things first.

use anyhow::bail;

use crate::{config::Config, place::Place, say};

/// Prints one line per process, and one per thing that is wrong.
///
/// # Errors
/// When nothing runs, or something is wrong.
pub async fn show(config: &Config) -> anyhow::Result<()> {
    let running = Place::open(&config.data.dir)?.running()?;
    if running.is_empty() {
        bail!("nothing runs on {}: start `lianxi run`", config.data.dir.display());
    }
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut lines = Vec::new();
    for process in running {
        let answer = http.get(format!("http://{}/readyz", process.ops)).send().await;
        let (ready, text) = match answer {
            Ok(response) => (response.status().is_success(), response.text().await.unwrap_or_default()),
            Err(error) => (false, error.to_string()),
        };
        let console = process.console.map(|c| format!("  {c}")).unwrap_or_default();
        let mark = if ready { "正常 ok     " } else { "异常 FAILING" };
        let faults = if ready { String::new() } else { format!("\n{}", indented(&text)) };
        lines.push((
            ready,
            format!("{mark} pid {:<8} {}{console}{faults}", process.pid, process.parts.join(", ")),
        ));
    }
    lines.sort();
    let wrong = lines.iter().filter(|(ready, _)| !ready).count();
    lines.iter().for_each(|(_, line)| say::line(line));
    if wrong > 0 {
        bail!("{wrong} of {} processes are not ready", lines.len());
    }
    Ok(())
}

fn indented(text: &str) -> String {
    text.lines().map(|l| format!("    {l}")).collect::<Vec<_>>().join("\n")
}
