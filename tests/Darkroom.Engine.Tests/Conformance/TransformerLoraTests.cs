using Darkroom.Models.Checkpoints.Loras;
using Darkroom.TestKit;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// LoRAs on FLUX and Stable Diffusion 3: a picture with one is that of a model whose weights were changed on disk, W + weight · alpha / rank · B · A in
/// plain arithmetic, under every kind of names, from a folder and from one file in which layers are fused.
/// </summary>
public sealed class TransformerLoraTests : IDisposable
{
    private const int Rank = 2;

    private const double Weight = 0.7, Alpha = 1;

    private readonly PackModels files = new();
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-lora-").FullName;
    private readonly Random random = new(5);

    /// <param name="names">Whose the LoRA's names are: diffusers' own layers, or its authors' fused ones in kohya's scripts or as they stand.</param>
    [Theory]
    [InlineData("flux-tiny", PackModels.Weights, "diffusers")]
    [InlineData("flux-tiny", PackModels.Weights, "kohya")]
    [InlineData("flux-tiny", PackModels.Weights, "authors")]
    [InlineData("flux-tiny", PackModels.OneFile, "diffusers")]
    [InlineData("flux-tiny", PackModels.OneFile, "kohya")]
    [InlineData("sd3-tiny", PackModels.Weights, "diffusers")]
    [InlineData("sd3-tiny", PackModels.Weights, "kohya")]
    [InlineData("sd3-tiny", PackModels.Weights, "authors")]
    [InlineData("sd3-tiny", PackModels.OneFile, "diffusers")]
    [InlineData("sd3-tiny", PackModels.OneFile, "kohya")]
    public void Picture_with_a_lora_is_that_of_changed_weights(string family, string layout, string names)
    {
        string source = ConformancePack.PathOf("pipelines", family, PackModels.Weights), changed = Path.Combine(folder, "changed");
        var lora = new Dictionary<string, RawTensor>();
        Copy(source, changed);
        Change(changed, "transformer", weights =>
        {
            foreach (var (theirs, ours, swapped) in names == "diffusers" ? Own(weights) : SingleFile.LayersOf(source))
                Merge(lora, weights, NameOf(theirs, names), ours, swapped, names);
        });
        foreach (var (part, prefix, layer) in TextsOf(family, names))
        {
            string name = prefix + (names == "kohya" ? layer.Replace('.', '_') : layer);
            Change(changed, part, weights => Merge(lora, weights, name, [layer + ".weight"], false, names));
        }
        string file = Path.Combine(folder, "lora.safetensors");
        RawTensors.Write(file, lora);

        string model = files.PathOf(family, layout)!;
        float[] merged = CasePicture.Of(family, model, new LoraChoice("lora", file, file, Weight, Weight));
        CasePicture.AssertSame(CasePicture.Of(family, changed), merged);
        CasePicture.AssertOther(CasePicture.Of(family, model), merged);
    }

    public void Dispose()
    {
        files.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string NameOf(string layer, string names) => names switch
    {
        "diffusers" => "transformer." + layer,
        "kohya" => "lora_unet_" + layer.Replace('.', '_'),
        _ => "diffusion_model." + layer,
    };

    /// <summary>A layer of each text encoder: part, what stands before it, name.</summary>
    private static IEnumerable<(string Part, string Prefix, string Layer)> TextsOf(string family, string names)
    {
        const string Clip = "text_model.encoder.layers.0.self_attn.q_proj", T5 = "encoder.block.0.layer.0.SelfAttention.q";
        bool flux = family == "flux-tiny", kohya = names == "kohya";
        if (names == "authors") yield break; // they have none for the encoders
        yield return ("text_encoder", kohya ? "lora_te1_" : "text_encoder.", Clip);
        if (!flux) yield return ("text_encoder_2", kohya ? "lora_te2_" : "text_encoder_2.", Clip);
        string t5 = flux ? "text_encoder_2" : "text_encoder_3";
        yield return (t5, kohya ? "lora_te3_" : t5 + ".", T5);
    }

    private static IEnumerable<(string, string[], bool)> Own(Dictionary<string, RawTensor> weights) => [.. weights
        .Where(one => one.Value.Shape.Length == 2 && one.Key.EndsWith(".weight", StringComparison.Ordinal))
        .Select(one => (one.Key[..^".weight".Length], (string[])[one.Key], false))];

    /// <summary>Adds a layer to the LoRA, and what it comes to on the weights that are one below the other.</summary>
    private void Merge(Dictionary<string, RawTensor> lora, Dictionary<string, RawTensor> weights, string name, string[] ours, bool swapped, string names)
    {
        int rows = (int)ours.Sum(one => weights[one].Shape[0]), columns = (int)(weights[ours[0]].Bytes.Length / 2 / weights[ours[0]].Shape[0]);
        float[] down = Numbers(Rank * columns), up = Numbers(rows * Rank); // [r, in] and [out, r]
        var (a, b) = names == "kohya" ? (".lora_down.weight", ".lora_up.weight") : (".lora_A.weight", ".lora_B.weight");
        lora[name + a] = RawTensor.Of([Rank, columns], down);
        lora[name + b] = RawTensor.Of([rows, Rank], up);
        double scale = Weight;
        if (names == "kohya")
        {
            lora[name + ".alpha"] = RawTensor.Of([], [(float)Alpha]);
            scale *= Alpha / Rank;
        }
        int row = 0;
        foreach (string one in ours)
        {
            var weight = weights[one];
            float[] values = weight.Floats();
            for (int i = 0; i < values.Length / columns; i++, row++)
            {
                int from = swapped ? (row + rows / 2) % rows : row;
                for (int j = 0; j < columns; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < Rank; k++) sum += (double)up[from * Rank + k] * down[k * columns + j];
                    values[i * columns + j] = (float)(values[i * columns + j] + scale * sum);
                }
            }
            weights[one] = RawTensor.Of(weight.Shape, values);
        }
    }

    private float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.4f)];

    private static void Change(string model, string part, Action<Dictionary<string, RawTensor>> change)
    {
        string path = SingleFile.PathOf(model, part);
        var weights = RawTensors.Read(path);
        change(weights);
        RawTensors.Write(path, weights);
    }

    private static void Copy(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
