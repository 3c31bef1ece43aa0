//! The sealed bytes of attachments: an object store, a folder by default.
//!
//! An object's name is the hash of its sealed bytes, so it says nothing of the file, and damage is seen.

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use kernel::Refusal;
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, memory::InMemory, path::Path as Name,
};
use trust::chain::Hash;

use crate::error;

/// The folder below the data folder.
const FOLDER: &str = "attachments";

/// Where the sealed bytes lie.
#[derive(Clone, Debug)]
pub struct Files(Arc<dyn ObjectStore>);

/// The folder of the attachments cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the folder of attachments `{path}` cannot be used")]
pub struct FilesError {
    path: String,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Files {
    /// Opens the folder `attachments` of a data folder, making it when missing. Every object is on the disk
    /// before its piece is acknowledged.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(data_dir: &Path) -> Result<Self, FilesError> {
        let path = data_dir.join(FOLDER);
        let failed = |source| FilesError { path: path.display().to_string(), source };
        std::fs::create_dir_all(&path).map_err(|e| failed(Box::new(e)))?;
        let store = LocalFileSystem::new_with_prefix(&path).map_err(|e| failed(Box::new(e)))?;
        Ok(Self::of(Arc::new(store.with_fsync(true).with_automatic_cleanup(true))))
    }

    /// Keeps the bytes in memory, for simulations.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::of(Arc::new(InMemory::new()))
    }

    /// Uses any object store.
    #[must_use]
    pub fn of(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }

    /// Stores sealed bytes and gives their name.
    ///
    /// # Errors
    /// `intake_files_away`.
    pub async fn put(&self, sealed: Vec<u8>) -> Result<String, Refusal> {
        let name = Hash::of(&sealed).to_hex();
        self.0.put(&place(&name), PutPayload::from(sealed)).await.map_err(|e| away(&e))?;
        Ok(name)
    }

    /// Reads sealed bytes by their name.
    ///
    /// # Errors
    /// `intake_files_away`, also when the bytes are not those that the name promises.
    pub async fn get(&self, name: &str) -> Result<Bytes, Refusal> {
        let found = self.0.get(&place(name)).await.map_err(|e| away(&e))?;
        let bytes = found.bytes().await.map_err(|e| away(&e))?;
        if Hash::of(&bytes).to_hex() != name {
            tracing::error!(object = name, "a stored object was altered");
            return Err(error::FILES_AWAY.refuse());
        }
        Ok(bytes)
    }

    /// Deletes an object that no row names. One that is gone already is no error.
    ///
    /// # Errors
    /// `intake_files_away`.
    pub async fn delete(&self, name: &str) -> Result<(), Refusal> {
        match self.0.delete(&place(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(&error)),
        }
    }
}

/// Two letters of the name are a folder of their own: no folder grows beyond what a disk likes.
fn place(name: &str) -> Name {
    let folder = name.get(..2).unwrap_or("xx");
    Name::from_iter([folder, name])
}

fn away(error: &object_store::Error) -> Refusal {
    tracing::error!(%error, "the store of files failed");
    error::FILES_AWAY.refuse()
}
