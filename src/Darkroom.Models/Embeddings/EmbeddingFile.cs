using System.Numerics.Tensors;
using System.Security.Cryptography;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Embeddings;

/// <summary>A textual inversion's file, read as a whole: it is small.</summary>
/// <param name="Token">The token that it names; null: none.</param>
/// <param name="Count">n.</param>
/// <param name="Vectors">For each text encoder. // [n, C] each</param>
/// <param name="Hash">SHA-256 of the file, lower-case hex.</param>
internal sealed record EmbeddingFile(string? Token, int Count, IReadOnlyList<float[]> Vectors, string Hash)
{
    public const string Ending = ".safetensors";

    /// <summary>Files of other formats that people have. They are listed with the reason, and never opened.</summary>
    public static IReadOnlyList<string> Pickles { get; } = [".pt", ".bin"];

    /// <summary>Files of hundreds of vectors are below 1 MB.</summary>
    private const long MaxBytes = 16 << 20;

    /// <summary>Of a text of CLIP's, without its start and end.</summary>
    private const int MaxVectors = 75;

    private const int MaxWidth = 1 << 14, MaxToken = 255;

    /// <summary>A1111's name for the vectors, whose token is the file's name.</summary>
    private const string Plain = "emb_params";

    /// <summary>Names of pairs for SDXL's two encoders: those of A1111, ComfyUI and most trainers, and those of diffusers' own.</summary>
    private static readonly (string First, string Second)[] Pairs = [("clip_l", "clip_g"), ("text_encoders_0", "text_encoders_1")];

    /// <exception cref="InvalidDataException">It is no textual inversion, or not to be trusted; the message is to stand behind the file's name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static EmbeddingFile Read(string path)
    {
        var stamps = FileStamps.Of([path]);
        long length = FileFault.LengthOf(new FileInfo(path));
        if (length > MaxBytes) throw new InvalidDataException($"is {length} bytes long, and no textual inversion is longer than {MaxBytes}");
        var file = SafetensorsFile.Read(path);
        var (token, tensors) = TensorsOf(file);
        int count = CountOf(tensors);
        float[][] vectors = [.. tensors.Select(tensor => tensor.ReadFloats())];
        for (int i = 0; i < vectors.Length; i++)
            if (!TensorPrimitives.IsFiniteAll<float>(vectors[i]))
                throw new InvalidDataException($"has values in '{Shown(tensors[i].Name)}' that are not finite");
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        if (stamps.Changed is not null) throw new InvalidDataException("was written to while it was read");
        return new(token, count, vectors, hash);
    }

    private static (string? Token, IReadOnlyList<StoredTensor> Tensors) TensorsOf(SafetensorsFile file)
    {
        var tensors = file.Tensors;
        if (tensors.TryGetValue(Plain, out var plain)) return (null, [plain]);
        foreach (var (first, second) in Pairs)
            switch (tensors.GetValueOrDefault(first), tensors.GetValueOrDefault(second))
            {
                case ({ } one, { } other):
                    return (null, [one, other]);
                case ({ } one, null) when tensors.Count == 1:
                    return (null, [one]);
                case ({ }, null) or (null, { }):
                    throw new InvalidDataException($"has one of '{first}' and '{second}' without the other");
            }
        if (tensors.Count != 1)
            throw new InvalidDataException($"is no textual inversion: it has {tensors.Count} tensors, where one, or clip_l and clip_g, are expected");
        // diffusers' form: the one tensor is called as the token.
        string name = tensors.Keys.First();
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxToken || name.Any(char.IsControl))
            throw new InvalidDataException($"names the token '{Shown(name)}', which no prompt can have");
        return (name, [tensors[name]]);
    }

    private static int CountOf(IReadOnlyList<StoredTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (!tensor.Type.IsFloat()) throw new InvalidDataException($"has '{Shown(tensor.Name)}' of type {tensor.Type} where floating point is needed");
            if (tensor.Shape.Count is not (1 or 2) || tensor.Count == 0 || tensor.Shape[^1] > MaxWidth)
                throw new InvalidDataException(
                    $"is no textual inversion: '{Shown(tensor.Name)}' is {StoredTensor.TextOf(tensor.Shape)} where a vector, or a few of them, are expected");
        }
        long[] counts = [.. tensors.Select(static tensor => tensor.Shape.Count == 1 ? 1 : tensor.Shape[0])];
        if (counts.Distinct().Count() > 1)
            throw new InvalidDataException($"has {counts[0]} vectors in '{tensors[0].Name}' and {counts[1]} in '{tensors[1].Name}'");
        return counts[0] <= MaxVectors ? (int)counts[0] : throw new InvalidDataException($"has {counts[0]} vectors, and {MaxVectors} fit in a text at most");
    }

    private static string Shown(string name) =>
        string.Concat((name.Length <= 64 ? name : name[..63] + "…").Select(static sign => char.IsControl(sign) ? '?' : sign));
}
