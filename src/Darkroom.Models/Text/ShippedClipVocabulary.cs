using System.IO.Compression;
using System.Text.Json;

namespace Darkroom.Models.Text;

/// <summary>The vocabulary of OpenAI's CLIP, which OpenCLIP's text encoders read too: 49,408 tokens.</summary>
internal static class ShippedClipVocabulary
{
    /// <summary>Ids by token, as <c>vocab.json</c> has them.</summary>
    public static Dictionary<string, int> ReadTokens()
    {
        using var stream = Open("ClipVocabulary.json.gz");
        return JsonSerializer.Deserialize<Dictionary<string, int>>(stream)!;
    }

    /// <summary>Lines of <c>merges.txt</c>.</summary>
    public static IEnumerable<string> ReadMergeLines()
    {
        using var reader = new StreamReader(Open("ClipMerges.txt.gz"));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static GZipStream Open(string name) =>
        new(typeof(ShippedClipVocabulary).Assembly.GetManifestResourceStream(typeof(ShippedClipVocabulary), name)!, CompressionMode.Decompress);
}
