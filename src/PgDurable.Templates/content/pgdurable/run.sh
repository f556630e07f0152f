#!/usr/bin/env sh
# Runs the application, with a private PostgreSQL unless ConnectionStrings__Database names one. On Windows: dotnet run dev.cs
cd "$(dirname "$0")" && exec dotnet run dev.cs -- "$@"
