using System.IO.Compression;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Text;

/// <summary>A tokenizer folder made in a temporary place out of the pack's files, which may be compressed.</summary>
public sealed class TokenizerFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("darkroom-tokenizer-").FullName;

    /// <summary>The vocabulary of this name of the pack in use, or the repository's where that pack has none.</summary>
    public static TokenizerFolder OfPack(string name)
    {
        bool here = ConformancePack.Has("tokenizers", name, "vocab.json") || ConformancePack.Has("tokenizers", name, "vocab.json.gz");
        return From(here ? System.IO.Path.Combine(ConformancePack.Root, "tokenizers", name) : Source(name));
    }

    /// <summary>The repository's vocabulary, for tests that know its ids.</summary>
    public static TokenizerFolder Own(string name) => From(Source(name));

    private static string Source(string name) => System.IO.Path.Combine(Repository.Root, "tests", "conformance", "tokenizers", name);

    private static TokenizerFolder From(string source)
    {
        var folder = new TokenizerFolder();
        foreach (string file in (string[])["vocab.json", "merges.txt"])
        {
            string plain = System.IO.Path.Combine(source, file), target = System.IO.Path.Combine(folder.Path, file);
            using Stream packed = File.Exists(plain) ? File.OpenRead(plain) : new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress);
            using var unpacked = File.Create(target);
            packed.CopyTo(unpacked);
        }
        return folder;
    }

    public TokenizerFolder With(string file, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, file), content);
        return this;
    }

    public TokenizerFolder Without(string file)
    {
        File.Delete(System.IO.Path.Combine(Path, file));
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
