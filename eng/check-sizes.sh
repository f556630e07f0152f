#!/usr/bin/env bash
# Keeps files small: C# at most 250 lines, C at most 400, a file of sql/functions at most 150. One that has to be longer says why in its first
# lines, with the words "longer than other". No line of C#, SQL or C is longer than 140 characters.
#
#   eng/check-sizes.sh            both
#   eng/check-sizes.sh --files    the sizes of files only
#
# Left out: what the regression tests of SQL compare, statement by statement.
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files -z --cached --others --exclude-standard -- '*.cs' '*.c' '*.h' '*.sql' ':!src/PgDurable.Extension/test' |
    perl -0 -e '
        my $files_only = shift eq "--files";
        my $problems = 0;
        while (my $path = <STDIN>) {
            chomp $path;
            open my $file, "<:encoding(UTF-8)", $path or next;   # deleted, and not committed yet
            local $/ = "\n";
            my @lines = <$file>;
            chomp @lines;
            my $most = $path =~ /\.cs$/ ? 250 : $path =~ /\.[ch]$/ ? 400 : $path =~ m{/sql/functions/} ? 150 : 0;
            my $last = $#lines < 24 ? $#lines : 24;
            if ($most && @lines > $most && !grep(/longer than other/i, @lines[0 .. $last])) {
                printf "%s: %d lines, at most %d\n", $path, scalar @lines, $most;
                $problems++;
            }
            for my $i ($files_only ? () : 0 .. $#lines) {
                next if length $lines[$i] <= 140;
                printf "%s:%d: %d characters, at most 140\n", $path, $i + 1, length $lines[$i];
                $problems++;
            }
        }
        exit($problems > 0);' -- "${1:-}"
