using System.Text;
using System.Text.Json;

namespace Darkroom.TestKit;

/// <summary>The pack's ControlNet in the forms that a models folder may have it in.</summary>
public static class PackControlNet
{
    public const string Family = "controlnet-sd15-tiny";

    /// <summary>
    /// An exported graph; diffusers' folder of weights; its one file; and a file with the names of ControlNet's own program, with and without what these
    /// have before them where a whole model is in the file.
    /// </summary>
    public const string Graph = "graph", Folder = "folder", File = "file", OwnNames = "own names", OwnNamesWithPrefix = "own names, prefixed";

    private const string Weights = "diffusion_pytorch_model.safetensors", Prefix = "control_model.";

    /// <summary>Modules in diffusers' names and in the other program's, as they stand in its listing of the network; not made by any rule.</summary>
    private static readonly (string Diffusers, string Own)[] Modules =
    [
        ("time_embedding.linear_1", "time_embed.0"), ("time_embedding.linear_2", "time_embed.2"),
        ("conv_in", "input_blocks.0.0"),
        ("down_blocks.0.resnets.0", "input_blocks.1.0"), ("down_blocks.0.attentions.0", "input_blocks.1.1"),
        ("down_blocks.0.downsamplers.0.conv", "input_blocks.2.0.op"),
        ("down_blocks.1.resnets.0", "input_blocks.3.0"), ("down_blocks.1.attentions.0", "input_blocks.3.1"),
        ("down_blocks.1.downsamplers.0.conv", "input_blocks.4.0.op"),
        ("down_blocks.2.resnets.0", "input_blocks.5.0"),
        ("mid_block.resnets.0", "middle_block.0"), ("mid_block.attentions.0", "middle_block.1"), ("mid_block.resnets.1", "middle_block.2"),
        ("controlnet_cond_embedding.conv_in", "input_hint_block.0"),
        ("controlnet_cond_embedding.blocks.0", "input_hint_block.2"), ("controlnet_cond_embedding.blocks.1", "input_hint_block.4"),
        ("controlnet_cond_embedding.blocks.2", "input_hint_block.6"), ("controlnet_cond_embedding.blocks.3", "input_hint_block.8"),
        ("controlnet_cond_embedding.blocks.4", "input_hint_block.10"), ("controlnet_cond_embedding.blocks.5", "input_hint_block.12"),
        ("controlnet_cond_embedding.conv_out", "input_hint_block.14"),
        ("controlnet_down_blocks.0", "zero_convs.0.0"), ("controlnet_down_blocks.1", "zero_convs.1.0"), ("controlnet_down_blocks.2", "zero_convs.2.0"),
        ("controlnet_down_blocks.3", "zero_convs.3.0"), ("controlnet_down_blocks.4", "zero_convs.4.0"), ("controlnet_down_blocks.5", "zero_convs.5.0"),
        ("controlnet_mid_block", "middle_block_out.0"),
    ];

    /// <summary>Layers of a resnet; those of a transformer have the same names in both.</summary>
    private static readonly (string Diffusers, string Own)[] Layers =
    [
        ("norm1", "in_layers.0"), ("conv1", "in_layers.2"), ("time_emb_proj", "emb_layers.1"), ("norm2", "out_layers.0"), ("conv2", "out_layers.3"),
    ];

    /// <summary>Puts it under <c>controlnets</c> in a models folder.</summary>
    public static void Place(string models, string id, string form)
    {
        string place = Path.Combine(models, "controlnets"), source = ConformancePack.PathOf("pipelines", Family, "diffusers");
        Directory.CreateDirectory(place);
        if (form is Graph or Folder)
        {
            string folder = form == Graph ? ConformancePack.PathOf("pipelines", Family, "onnx", "controlnet") : source;
            Directory.CreateDirectory(Path.Combine(place, id));
            foreach (string one in Directory.EnumerateFiles(folder)) System.IO.File.Copy(one, Path.Combine(place, id, Path.GetFileName(one)), overwrite: true);
            return;
        }
        string file = Path.Combine(place, id + ".safetensors");
        if (form == File) System.IO.File.Copy(Path.Combine(source, Weights), file, overwrite: true);
        else Rename(Path.Combine(source, Weights), file, name => (form == OwnNamesWithPrefix ? Prefix : "") + OwnName(name));
        // Its sizes are those of no published network.
        System.IO.File.WriteAllText(Path.Combine(place, id + ".darkroom.json"), $$"""{ "config": "{{id}}-config" }""");
        Directory.CreateDirectory(Path.Combine(place, id + "-config"));
        System.IO.File.Copy(Path.Combine(source, "config.json"), Path.Combine(place, id + "-config", "config.json"), overwrite: true);
    }

    /// <summary>A copy of a file of weights with other names, or without those that get none.</summary>
    public static void Rename(string source, string target, Func<string, string?> nameOf)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(source);
        int length = (int)BitConverter.ToUInt64(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var renamed = new Dictionary<string, JsonElement>();
        using var values = new MemoryStream();
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__" || nameOf(entry.Name) is not { } name) continue;
            int from = entry.Value.GetProperty("data_offsets")[0].GetInt32(), to = entry.Value.GetProperty("data_offsets")[1].GetInt32();
            renamed[name] = JsonSerializer.SerializeToElement(new
            {
                dtype = entry.Value.GetProperty("dtype").GetString(),
                shape = entry.Value.GetProperty("shape"),
                data_offsets = (long[])[values.Position, values.Position + to - from],
            });
            values.Write(bytes.AsSpan(8 + length + from, to - from));
        }
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(renamed));
        System.IO.File.WriteAllBytes(target, [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. values.ToArray()]);
    }

    private static string OwnName(string name)
    {
        var (module, own) = Modules.Single(pair => name.StartsWith(pair.Diffusers + ".", StringComparison.Ordinal));
        string layer = name[(module.Length + 1)..];
        if (module.Contains(".resnets.", StringComparison.Ordinal))
            foreach (var (theirs, ours) in Layers) layer = layer.Replace(theirs + ".", ours + ".", StringComparison.Ordinal);
        return $"{own}.{layer}";
    }
}
