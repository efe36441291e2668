using System.IO.Compression;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Text;

/// <summary>A tokenizer folder made in a temporary place out of the pack's files, which may be compressed.</summary>
public sealed class TokenizerFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("darkroom-tokenizer-").FullName;

    /// <summary>The pack's vocabulary of this name.</summary>
    public static TokenizerFolder OfPack(string name)
    {
        var folder = new TokenizerFolder();
        foreach (string file in (string[])["vocab.json", "merges.txt"])
        {
            string target = System.IO.Path.Combine(folder.Path, file);
            string plain = ConformancePack.PathOf("tokenizers", name, file);
            if (File.Exists(plain))
            {
                File.Copy(plain, target);
                continue;
            }
            using var packed = new GZipStream(File.OpenRead(ConformancePack.PathOf("tokenizers", name, file + ".gz")), CompressionMode.Decompress);
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
