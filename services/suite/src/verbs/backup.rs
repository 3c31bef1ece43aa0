//! `lianxi backup take | verify | restore`.

use crate::{
    backup::{manifest::Manifest, restore, take},
    cli::BackupVerb,
    config::Config,
    say,
    site::Site,
};

/// Does it.
///
/// # Errors
/// What went wrong, and what to do.
pub async fn run(config: Config, verb: BackupVerb) -> anyhow::Result<()> {
    match verb {
        BackupVerb::Take { to, keys_to } => {
            let (_stop, shutdown) = bus::shutdown();
            let site = Site::open(config, shutdown)?;
            let taken = take::take(&site, &to, keys_to.as_deref()).await?;
            say::line(&taken.folder.display().to_string());
            say::progress(&format!(
                "{} 个库同一时刻 books as of one moment, {} 个文件 files; 写入暂停 writers waited {} ms",
                taken.manifest.books.len(),
                taken.manifest.files.len(),
                taken.pause.as_millis()
            ));
            if keys_to.is_none() {
                say::progress(
                    "密钥不在备份内 the keys are not in it: 另存 data/keys,或加 --keys-to; without them nobody reads it",
                );
            }
            Ok(())
        }
        BackupVerb::Verify { from } => {
            let manifest = Manifest::verified(&from)?;
            say::line(&format!("完好 whole: {} files, {}", manifest.files.len(), at(&manifest)));
            Ok(())
        }
        BackupVerb::Restore { from, keys_from, skip_numbers } => {
            let wanted = restore::Wanted { from, keys_from, skip: skip_numbers };
            let restored = restore::restore(config, &wanted).await?;
            for (book, series, next) in &restored.next {
                say::line(&format!("{book:<20} {series:<24} 下一号 next {next}"));
            }
            say::line(&format!(
                "已恢复 restored: {}; 下次启动由库重建消息流 `lianxi run` makes the streams anew from the books",
                at(&restored.manifest)
            ));
            Ok(())
        }
    }
}

fn at(manifest: &Manifest) -> String {
    let at = chrono::DateTime::from_timestamp_millis(manifest.taken_at.0).unwrap_or_default();
    at.to_rfc3339()
}
