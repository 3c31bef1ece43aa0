//! Agencies with a site of their own, as the office keeps them: the public halves of their keys, and nothing else.
//!
//! `lianxi agency pack` makes both keys in the bundle. The office keeps the public nkey and the public sealing key; the
//! private ones leave with the bundle and are nowhere here. A revoked key is replaced by one whose seed nobody has.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use bus::{Shutdown, keys, keys::UserKey, server::NatsServer};
use intake::Recipients;
use kernel::AgencyCode;
use trust::{ActorPublicKey, AgencyRecipient};

use crate::{
    almanac,
    hand_over::HandOver,
    hub::{Hub, agency_key},
    ordinances,
    place::Place,
    roll,
    site::Site,
};

/// The word of the register for an agency with a site of its own.
pub const OWN: &str = "own";
/// How often the keys are looked at, and the server.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The office's key for actors, at an agency's own site.
const OFFICE_KEY: &str = "office-actor.pub";

fn nkey_file(keys_dir: &Path, code: &AgencyCode) -> PathBuf {
    keys_dir.join(format!("{}.pub", agency_key(code)))
}

fn seal_file(place: &Place, code: &AgencyCode) -> PathBuf {
    place.dir().join("keys").join(format!("agency-seal-{code}.pub"))
}

/// The public nkey of an agency's own site. Before it is packed: one whose seed nobody has.
///
/// # Errors
/// When the file cannot be read or made.
pub fn nkey(keys_dir: &Path, code: &AgencyCode) -> anyhow::Result<String> {
    let file = nkey_file(keys_dir, code);
    if !file.exists() {
        fs::create_dir_all(keys_dir)?;
        write(&file, &keys::generate()?.public)?;
    }
    read(&file)
}

/// The key of the office that an agency's own site verifies the office's people by.
///
/// # Errors
/// When the bundle lacks it.
pub fn office_key(data: &Path) -> anyhow::Result<ActorPublicKey> {
    let file = data.join("keys").join(OFFICE_KEY);
    read(&file)?.parse().with_context(|| format!("{}", file.display()))
}

/// The public sealing keys of all agencies: those of hosted ones, and of own sites that were packed.
///
/// # Errors
/// When a key file cannot be read.
pub fn recipients(site: &Site) -> anyhow::Result<Recipients> {
    Ok(Recipients::new(sealing_keys(site)?))
}

fn sealing_keys(site: &Site) -> anyhow::Result<Vec<(AgencyCode, AgencyRecipient)>> {
    let mut found = Vec::new();
    for code in site.agencies() {
        if !site.is_own(&code) {
            let identity = site.place.keys.agency_identity(&code, &site.place.mint);
            found.push((code.clone(), identity.with_context(|| format!("the key of {code}"))?.recipient()));
            continue;
        }
        let file = seal_file(&site.place, &code);
        if file.exists() {
            found.push((code, read(&file)?.parse().with_context(|| format!("{}", file.display()))?));
        }
    }
    Ok(found)
}

/// What `lianxi agency pack` is told.
pub struct Packing {
    /// Whose site.
    pub code: AgencyCode,
    /// The bundle's folder; made here.
    pub out: PathBuf,
    /// The address of the office's bus, as the site reaches it.
    pub url: String,
    /// The authority of its certificate.
    pub authority: Option<PathBuf>,
    /// The office's address for leaf nodes: then the bundle has a server of its own to run.
    pub leaf: Option<String>,
    /// The agency was hosted here: its books go with it.
    pub hand_over: bool,
}

/// Makes the bundle of an agency's own site, with fresh keys; what an older bundle had is void.
///
/// # Errors
/// When the register says that the office hosts it, the folder is there already, or its books cannot go with it.
pub async fn pack(site: &Site, packing: &Packing) -> anyhow::Result<()> {
    let Packing { code, out, .. } = packing;
    expect_own(site, code)?;
    if out.exists() {
        bail!("{} is there already: name a new folder", out.display());
    }
    let moving = if packing.hand_over { Some(HandOver::begin(site, code)?) } else { None };
    let seat = Place::open(&out.join("data"))?;
    let nkey = keys::load_or_create(&seat.dir().join("keys").join("nats"), &agency_key(code))?;
    let identity = seat.keys.agency_identity(code, &seat.mint)?;
    let profile = out.join("profile");
    fs::create_dir_all(&profile)?;
    for name in ["agencies.toml", "catalogue.toml", "policy.toml"] {
        fs::copy(site.config.profile.dir.join(name), profile.join(name)).with_context(|| name.to_owned())?;
    }
    let mut authority = "";
    if let Some(file) = &packing.authority {
        fs::copy(file, out.join("authority.pem")).with_context(|| format!("{}", file.display()))?;
        authority = "authority.pem";
    }
    let url = match &packing.leaf {
        Some(office) => {
            write(&out.join("leaf.conf"), &leaf_conf(code, &nkey, office))?;
            LEAF_URL
        }
        None => packing.url.as_str(),
    };
    write(&out.join("lianxi.toml"), &settings(code, url, authority))?;
    for name in [almanac::FILE, ordinances::FILE] {
        let loaded = site.place.dir().join(name);
        if loaded.exists() {
            fs::copy(&loaded, seat.dir().join(name)).with_context(|| loaded.display().to_string())?;
        }
    }
    write(&seat.dir().join(roll::FILE), &serde_json::to_string(&*site.roll.now())?)?;
    write(&seat.dir().join("keys").join(OFFICE_KEY), &site.signer.public_key().to_string())?;
    write(&out.join("README.md"), &read_me(code, packing.leaf.is_some()))?;
    if let Some(moving) = &moving {
        moving.copy(&seat).await?;
    }
    // From here on the new keys count at the office.
    write(&seal_file(&site.place, code), &identity.recipient().to_string())?;
    write(&nkey_file(&site.place.dir().join("keys").join("nats"), code), &nkey.public)?;
    match moving {
        Some(moving) => moving.end().await,
        None => Ok(()),
    }
}

/// Gives an agency's own site a new nkey: the old one is void at once; the seed goes into a file for its site.
///
/// # Errors
/// When the register says that the office hosts it, or the file is there already.
pub fn rotate(site: &Site, code: &AgencyCode, out: &Path) -> anyhow::Result<()> {
    expect_own(site, code)?;
    if out.exists() {
        bail!("{} is there already: name a new file", out.display());
    }
    let fresh = keys::generate()?;
    write(out, &fresh.seed)?;
    write(&nkey_file(&site.place.dir().join("keys").join("nats"), code), &fresh.public)
}

/// Takes an agency's own site off the bus: its key is replaced by one whose seed nobody has.
///
/// # Errors
/// When the register says that the office hosts it.
pub fn revoke(site: &Site, code: &AgencyCode) -> anyhow::Result<()> {
    expect_own(site, code)?;
    write(&nkey_file(&site.place.dir().join("keys").join("nats"), code), &keys::generate()?.public)
}

fn expect_own(site: &Site, code: &AgencyCode) -> anyhow::Result<()> {
    if !site.agencies().contains(code) {
        bail!("the register has no agency `{code}`");
    }
    if !site.is_own(code) {
        bail!("`{code}` is hosted by the office: set site = \"own\" in agencies.toml first");
    }
    Ok(())
}

/// Looks after our own server until asked to end: starts it again when it died, and reloads it when the key of an own
/// site changed or an agency was entered. Nobody else's connection notices.
pub async fn keep_server(site: Arc<Site>, mut server: NatsServer, mut shutdown: Shutdown) -> NatsServer {
    let check = site.health.check("bus server");
    let mut known = nkeys(&site);
    loop {
        tokio::select! {
            () = bus::wait(&mut shutdown) => return server,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        if let Err(error) = server.revive().await {
            check.fail(&error.to_string());
            continue;
        }
        let now = nkeys(&site);
        if now != known {
            match reload(&site, &mut server).await {
                Ok(()) => known = now,
                Err(error) => {
                    check.fail(&format!("the new keys are not in force: {error:#}"));
                    continue;
                }
            }
        }
        check.pass();
    }
}

async fn reload(site: &Site, server: &mut NatsServer) -> anyhow::Result<()> {
    Ok(server.reload(Hub::wanted(site)?).await?)
}

fn nkeys(site: &Site) -> BTreeMap<AgencyCode, Option<String>> {
    let folder = site.place.dir().join("keys").join("nats");
    let key = |code: &AgencyCode| site.is_own(code).then(|| read(&nkey_file(&folder, code)).ok()).flatten();
    site.agencies().into_iter().map(|code| (code.clone(), key(&code))).collect()
}

/// Keeps intake's list of sealing keys as the files say, until asked to end.
pub async fn keep_recipients(
    site: Arc<Site>,
    recipients: Recipients,
    mut shutdown: Shutdown,
) -> anyhow::Result<()> {
    // A hosted agency's key is made here; of an own site the office has what its bundle left.
    let texts = |site: &Site| -> BTreeMap<AgencyCode, Option<String>> {
        let key =
            |code: &AgencyCode| site.is_own(code).then(|| read(&seal_file(&site.place, code)).ok()).flatten();
        site.agencies().into_iter().map(|code| (code.clone(), key(&code))).collect()
    };
    let mut known = texts(&site);
    loop {
        tokio::select! {
            () = bus::wait(&mut shutdown) => return Ok(()),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let now = texts(&site);
        if now != known {
            recipients.replace(sealing_keys(&site)?);
            known = now;
        }
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.trim().to_owned())
}

/// Whole or not at all, for its owner alone.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let beside = file.with_extension("new");
    let doing = || format!("cannot write {}", file.display());
    drop(fs::remove_file(&beside));
    let mut opened =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).with_context(doing)?;
    opened.write_all(format!("{}\n", text.trim_end()).as_bytes()).with_context(doing)?;
    opened.sync_all().with_context(doing)?;
    fs::rename(&beside, file).with_context(doing)
}

/// The site's own server listens here.
const LEAF_URL: &str = "nats://127.0.0.1:4222";

fn settings(code: &AgencyCode, url: &str, authority: &str) -> String {
    format!(
        "# The own site of {code}, made by `lianxi agency pack`. Paths are seen from this folder.\n\n\
         [site]\nagency = \"{code}\"\n\n[data]\ndir = \"data\"\n\n[profile]\ndir = \"profile\"\n\n\
         [bus]\nurl = \"{url}\"\nauthority = \"{authority}\"\n\n[console]\nbind = \"127.0.0.1:8400\"\n"
    )
}

/// The site's own nats-server: its people's programs connect here, one link goes to the office. The link's seed stands
/// in the file itself (nats-server takes no other form), so the file is for its owner alone.
fn leaf_conf(code: &AgencyCode, nkey: &UserKey, office: &str) -> String {
    format!(
        "# Run in this folder: nats-server -c leaf.conf\n\
         server_name: leaf_{code}\nlisten: \"127.0.0.1:4222\"\nping_interval: \"10s\"\n\
         feature_flags {{ js_ack_fc_v2: true }}\n\
         accounts {{ LOCAL {{ users: [ {{ nkey: {} }} ] }} }}\n\
         leafnodes {{ reconnect: \"1s\", remotes: [ {{ url: \"{office}\", account: LOCAL, nkey: {} }} ] }}\n",
        nkey.public, nkey.seed
    )
}

fn read_me(code: &AgencyCode, leaf: bool) -> String {
    let (first, renewed) = if leaf {
        (
            "nats-server -c leaf.conf &\n",
            "stands in `leaf.conf`, after `nkey:` of the remote; start nats-server".to_owned(),
        )
    } else {
        ("", format!("goes to `data/keys/nats/{}.nk`; start", agency_key(code)))
    };
    format!(
        "# The own site of {code}\n\nThe private keys in this folder exist here alone: keep a copy in other hands.\n\
         In this folder:\n\n```\nlianxi --config lianxi.toml user add LOGIN --display NAME --roles handler --agency {code}\n\
         {first}lianxi --config lianxi.toml run --only agency,console --agency {code}\n```\n\n\
         Work goes on while the office is away; it catches up by itself. Start this folder once: the office refuses a \
         second site.\nA new key from the office {renewed} again then.\n"
    )
}
