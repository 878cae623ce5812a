//! Says what to do when the browser's libraries, which pages are built with, are not there.

use std::path::Path;
use std::process::exit;

/// Files of npm packages that the program embeds.
const FILES: &[&str] = &["htmx.org/dist/htmx.min.js", "uplot/dist/uPlot.iife.min.js", "uplot/dist/uPlot.min.css"];

fn main() {
    println!("cargo::rerun-if-changed=package-lock.json");
    for file in FILES {
        let path = Path::new("node_modules").join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        if !path.exists() {
            println!(
                "cargo::error={} is missing: run `npm ci` first (package.json says what it fetches)",
                path.display()
            );
            exit(1);
        }
    }
}
