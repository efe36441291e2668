namespace Darkroom.Server.Commands.Pull;

/// <summary>
/// Which files of a repository a model needs: of a folder in diffusers' layout its configurations, tokenizers and one set of weights for each part, float16
/// where there is any; else the one file of weights. Never a pickle, and nothing that would not be read.
/// </summary>
internal static class HubChoice
{
    private const string Index = "model_index.json", Weights = ".safetensors";

    private static readonly string[] UnusedParts = ["safety_checker", "feature_extractor", "image_encoder"];

    private static readonly string[] Texts = [".json", ".txt", ".model"]; // configurations, vocabularies, T5's pieces

    private static readonly string[] Licences = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "LICENSE.TXT"];

    /// <param name="files">Of the repository.</param>
    /// <param name="wanted">A file of weights by its path; null: what there is.</param>
    /// <param name="full">Whether float32 is wanted where there is float16 too.</param>
    /// <exception cref="UsageException">It has no model that can be used, or several; the message says which.</exception>
    public static IReadOnlyList<HubFile> Of(IReadOnlyList<HubFile> files, string? wanted, bool full)
    {
        if (wanted is not null)
            return files.FirstOrDefault(file => file.Path == wanted) is not { } one ? throw new UsageException($"The repository has no file '{wanted}'.")
                : one.Name.EndsWith(Weights, StringComparison.OrdinalIgnoreCase) ? [one]
                : throw new UsageException($"'{wanted}' is no .safetensors file: others are not read.");
        if (files.Any(file => file.Path == Index)) return Folder(files, full);
        HubFile[] single =
            [.. files.Where(file => file.Name.EndsWith(Weights, StringComparison.OrdinalIgnoreCase)).OrderBy(file => file.Path, StringComparer.Ordinal)];
        return single switch
        {
            [var only] => [only],
            [] when files.Any(file => IsPickle(file.Name)) =>
                throw new UsageException("The repository has weights as pickles alone, which can run any program when they are read. Nothing was fetched."),
            [] => throw new UsageException("The repository has no model: neither a model_index.json nor a .safetensors file."),
            _ => throw new UsageException($"The repository has {single.Length} files of weights; name one with --file: "
                + string.Join(", ", single.Take(20).Select(file => file.Path)) + (single.Length > 20 ? ", …" : "")),
        };
    }

    private static IReadOnlyList<HubFile> Folder(IReadOnlyList<HubFile> files, bool full)
    {
        var chosen = files.Where(file => file.Path == Index || Licences.Contains(file.Path)).ToList();
        foreach (var part in files.Where(file => file.Part.Length > 0 && !UnusedParts.Contains(file.Part)).GroupBy(file => file.Part))
        {
            HubFile[] own = [.. part.Where(file => file.Path.Count(static sign => sign == '/') == 1)];
            chosen.AddRange(own.Where(file => Texts.Contains(Extension(file.Name)) && !file.Name.Contains(".index.", StringComparison.Ordinal)));
            chosen.AddRange(WeightsOf(own, full));
        }
        return chosen.Any(file => file.Name.EndsWith(Weights, StringComparison.Ordinal) || IsGraph(file.Name)) ? chosen
            : throw new UsageException(
                "The repository has weights as pickles or in another form that is not read; .safetensors files or ONNX graphs are needed.");
    }

    /// <summary>One set of weights: a variant's shards belong together, and their index names them.</summary>
    private static IEnumerable<HubFile> WeightsOf(HubFile[] part, bool full)
    {
        var variants = part.Where(file => file.Name.EndsWith(Weights, StringComparison.Ordinal) || IsIndex(file.Name))
            .Where(file => file.Name.StartsWith("diffusion_pytorch_model", StringComparison.Ordinal) || file.Name.StartsWith("model", StringComparison.Ordinal))
            .GroupBy(file => VariantOf(file.Name)).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        string[] order = full ? ["", "fp16"] : ["fp16", ""];
        foreach (string variant in order.Concat(variants.Keys.Order(StringComparer.Ordinal)))
            if (variants.TryGetValue(variant, out var files) && Array.Exists(files, file => !IsIndex(file.Name)))
                return files;
        return part.Where(file => IsGraph(file.Name));
    }

    private static bool IsGraph(string name) => name is "model.onnx" or "model.onnx_data" or "model.onnx.data" or "weights.pb";

    private static bool IsIndex(string name) => name.Contains(Weights + ".index.", StringComparison.Ordinal);

    private static bool IsPickle(string name) => Extension(name) is ".ckpt" or ".bin" or ".pt" or ".pth";

    /// <summary>
    /// <c>model.fp16-00001-of-00002.safetensors</c>, <c>model.fp16.safetensors</c> and <c>model.safetensors.index.fp16.json</c> are of <c>fp16</c>.
    /// </summary>
    private static string VariantOf(string name)
    {
        string[] words = name.Split('.');
        string word = IsIndex(name) ? (words is [_, _, _, var variant, _] ? variant : "") : words is [_, var marked, _] ? marked : "";
        return word.Split("-0")[0];
    }

    private static string Extension(string name) => System.IO.Path.GetExtension(name).ToLowerInvariant();
}
