using System.Text.Json;

namespace Darkroom.TestKit.Checkpoints;

/// <summary>
/// A pack's model in diffusers' layout as one file in the names that published checkpoints have. The names stand in <see cref="SingleFileNames"/>, put down
/// apart from those that the server has: a fault in one shows in the other.
/// </summary>
public static class SingleFile
{
    /// <summary>All tensors; null for a kind of model that is not published in one file.</summary>
    /// <param name="folder">In diffusers' layout.</param>
    public static Dictionary<string, RawTensor>? Of(string folder)
    {
        string index = Path.Combine(folder, "model_index.json");
        if (!File.Exists(index)) return null;
        using var json = JsonDocument.Parse(File.ReadAllText(index));
        var all = new Dictionary<string, RawTensor>();
        switch (json.RootElement.GetProperty("_class_name").GetString())
        {
            case "StableDiffusion3Pipeline":
                Add(all, "model.diffusion_model.", ByTable(Read(folder, "transformer"), SingleFileNames.StableDiffusion3));
                Add(all, "first_stage_model.", Autoencoder(folder));
                Add(all, "text_encoders.clip_l.transformer.", Read(folder, "text_encoder"));
                Add(all, "text_encoders.clip_g.transformer.", Read(folder, "text_encoder_2"));
                Add(all, "text_encoders.t5xxl.transformer.", Read(folder, "text_encoder_3"));
                return all;
            case "FluxPipeline":
                Add(all, "model.diffusion_model.", ByTable(Read(folder, "transformer"), SingleFileNames.Flux));
                Add(all, "vae.", Autoencoder(folder));
                Add(all, "text_encoders.clip_l.transformer.", Read(folder, "text_encoder"));
                Add(all, "text_encoders.t5xxl.transformer.", Read(folder, "text_encoder_2"));
                return all;
            case "LatentConsistencyModelPipeline" or "StableDiffusionInstructPix2PixPipeline" or "StableDiffusionInpaintPipeline":
                Add(all, "model.diffusion_model.", ByPrefix(Read(folder, "unet"), SingleFileNames.UNet, SingleFileNames.UNetResnet));
                Add(all, "first_stage_model.", Autoencoder(folder));
                Add(all, "cond_stage_model.transformer.", Read(folder, "text_encoder"));
                return all;
            default:
                return null;
        }
    }

    /// <summary>The matrices of a transformer in its authors' names, without <c>.weight</c>, and the weights of diffusers that each is made of.</summary>
    public static IReadOnlyList<(string Theirs, string[] Ours, bool Swapped)> LayersOf(string folder)
    {
        var tensors = Read(folder, "transformer");
        string table = tensors.ContainsKey("pos_embed.pos_embed") ? SingleFileNames.StableDiffusion3 : SingleFileNames.Flux;
        const string End = ".weight";
        return [.. Places(tensors, table).Where(one => one.Theirs.EndsWith(End, StringComparison.Ordinal) && tensors[one.Ours[0]].Shape.Length == 2)
            .Select(one => (one.Theirs[..^End.Length], one.Ours, one.Swapped))];
    }

    /// <summary>Tensors of a part of a model in diffusers' layout.</summary>
    public static Dictionary<string, RawTensor> Read(string folder, string part) => RawTensors.Read(PathOf(folder, part));

    public static string PathOf(string folder, string part) => Directory.GetFiles(Path.Combine(folder, part), "*.safetensors").Single();

    private static Dictionary<string, RawTensor> Autoencoder(string folder) =>
        ByPrefix(Read(folder, "vae"), SingleFileNames.Autoencoder, SingleFileNames.AutoencoderResnet);

    private static void Add(Dictionary<string, RawTensor> all, string prefix, Dictionary<string, RawTensor> part)
    {
        foreach (var (name, tensor) in part) all[prefix + name] = tensor;
    }

    /// <summary>Names whose beginning is another, and what comes behind it too where the beginning is a resnet.</summary>
    private static Dictionary<string, RawTensor> ByPrefix(Dictionary<string, RawTensor> tensors, string table, string resnet)
    {
        var (outer, inner) = (Rows(table), Rows(resnet));
        return tensors.ToDictionary(one =>
        {
            var (theirs, ours) = outer.FirstOrDefault(row => one.Key.StartsWith(row.Ours[0] + ".", StringComparison.Ordinal));
            if (theirs is null) throw new InvalidOperationException($"The table has no name for {one.Key}.");
            string rest = one.Key[(ours[0].Length + 1)..];
            if (inner.FirstOrDefault(row => rest.StartsWith(row.Ours[0] + ".", StringComparison.Ordinal)) is { Theirs: { } changed, Ours: var from })
                rest = changed + rest[from[0].Length..];
            return $"{theirs}.{rest}";
        }, one => one.Value);
    }

    /// <summary>
    /// Whole names, with {i} for the number of a block: + for what is one tensor, ~ where the halves are swapped, in the last block alone or always.
    /// </summary>
    private static Dictionary<string, RawTensor> ByTable(Dictionary<string, RawTensor> tensors, string table)
    {
        var made = new Dictionary<string, RawTensor>();
        var left = tensors.Keys.ToHashSet();
        foreach (var (theirs, ours, swapped) in Places(tensors, table))
        {
            var tensor = RawTensor.Stack([.. ours.Select(name => tensors[name])]);
            made[theirs] = swapped ? tensor.Swapped() : tensor;
            left.ExceptWith(ours);
        }
        if (left.Count > 0) throw new InvalidOperationException($"The table has no name for {string.Join(", ", left)}.");
        return made;
    }

    private static IEnumerable<(string Theirs, string[] Ours, bool Swapped)> Places(Dictionary<string, RawTensor> tensors, string table)
    {
        foreach (var (theirs, marked) in Rows(table))
        {
            bool always = marked[^1] == "~", last = marked[^1] == "~last";
            string[] ours = [.. marked.Where(name => !name.StartsWith('~'))];
            int blocks = ours[0].Contains("{i}", StringComparison.Ordinal) ? Enumerable.Range(0, 99).First(i => !Has(ours[0].Split("{i}")[0] + i + ".")) : 1;
            for (int i = 0; i < blocks; i++)
            {
                string[] names = [.. ours.Select(name => name.Replace("{i}", $"{i}", StringComparison.Ordinal))];
                if (tensors.ContainsKey(names[0])) // else of the last block, or of a network without norms
                    yield return (theirs.Replace("{i}", $"{i}", StringComparison.Ordinal), names, always || (last && i == blocks - 1));
            }
        }

        bool Has(string start) => tensors.Keys.Any(name => name.StartsWith(start, StringComparison.Ordinal));
    }

    /// <summary>Rows "theirs = ours + ours"; [w] stands for a row for weights and one for biases.</summary>
    private static List<(string Theirs, string[] Ours)> Rows(string table) => [.. table.Replace(" +\n", " + ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .SelectMany(line => line.Contains("[w]", StringComparison.Ordinal)
            ? (string[])[line.Replace("[w]", "weight", StringComparison.Ordinal), line.Replace("[w]", "bias", StringComparison.Ordinal)] : [line])
        .Select(line => line.Split(" = "))
        .Select(sides => (sides[0].Trim(), sides[1].Split([" + ", " "], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))];
}
