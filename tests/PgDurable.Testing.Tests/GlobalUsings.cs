global using global::Samples;
