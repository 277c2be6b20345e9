//! What becomes of files, links and folders.

use super::{generator, place, saved_lstm};
use crate::cell::Cell;
use crate::cells::Lstm;
use crate::file::{load, save};

#[test]
fn a_save_that_fails_leaves_the_old_file() {
    let (folder, path, mut lstm) = saved_lstm();
    let bytes = std::fs::read(&path).unwrap();
    lstm.params_mut()[2] = f32::NAN;
    let error = save(&path, &lstm).unwrap_err().to_string();
    assert!(
        error.starts_with("tensor `W_x_f` of the model has NaN at index 2, so that nothing"),
        "{error}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    lstm.params_mut()[2] = 0.0;
    let error = save(folder.path().join("none/model"), &lstm)
        .unwrap_err()
        .to_string();
    let none = folder.path().join("none");
    let text = format!("model: there is no folder {}", none.display());
    assert!(
        error.starts_with("cannot write") && error.ends_with(&text),
        "{error}"
    );
    // A file cannot take the place of a folder, whoever asks; nothing is left behind.
    std::fs::create_dir(folder.path().join("taken")).unwrap();
    assert!(
        save(folder.path().join("taken"), &lstm)
            .unwrap_err()
            .to_string()
            .starts_with("cannot write")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// A folder without permission to write; a superuser may write anyway.
#[cfg(unix)]
#[test]
fn an_unwritable_folder_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path, lstm) = saved_lstm();
    let before = std::fs::read(&path).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    let may_write = std::fs::write(folder.path().join("probe"), []).is_ok();
    let outcome = save(&path, &lstm);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    match outcome {
        Ok(()) => assert!(may_write),
        Err(error) => assert!(
            !may_write && error.to_string().ends_with("is not yours to write in"),
            "{error}"
        ),
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

/// A link goes on to lead to the file, which has the new contents, wherever it lies.
#[cfg(unix)]
#[test]
fn a_link_is_followed() {
    use std::os::unix::fs::symlink;
    let (folder, path, old) = saved_lstm();
    let [link, way, later] = ["link", "way", "later"].map(|name| folder.path().join(name));
    symlink("model.safetensors", &way).unwrap();
    symlink(&way, &link).unwrap();
    let new = Lstm::<f32>::new(3, 4, &mut generator(9)).unwrap();
    save(&link, &new).unwrap();
    let mut found = old.clone();
    load(&path, &mut found).unwrap();
    assert_eq!(found.params(), new.params());
    for link in [&link, &way] {
        assert!(link.symlink_metadata().unwrap().is_symlink());
    }
    symlink("new.safetensors", &later).unwrap();
    save(&later, &new).unwrap();
    assert!(later.symlink_metadata().unwrap().is_symlink());
    load(folder.path().join("new.safetensors"), &mut found).unwrap();
    let round = folder.path().join("round");
    symlink("round", &round).unwrap();
    let error = save(&round, &new).unwrap_err().to_string();
    assert!(error.ends_with("links go round in circles"), "{error}");
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path, lstm) = saved_lstm();
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    for private in [0o600, 0o640, 0o664] {
        set_permissions(&path, Permissions::from_mode(private)).unwrap();
        save(&path, &lstm).unwrap();
        assert_eq!(mode(), private);
    }
}

/// A new file is as any other that the program makes.
#[cfg(unix)]
#[test]
fn a_new_file_is_not_private() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = place();
    let other = folder.path().join("other");
    std::fs::write(&other, []).unwrap();
    let lstm = Lstm::<f32>::new(3, 4, &mut generator(1)).unwrap();
    save(&path, &lstm).unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&other));
}
