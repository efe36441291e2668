using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.TestKit;

/// <summary>Models over pixels of other channels than colours: the pack's, with the first and last convolution for so many and without attention.</summary>
public static class PixelModels
{
    private const string Weights = "diffusion_pytorch_model.safetensors";

    /// <summary>Writes such a model, as weights in diffusers' layout.</summary>
    /// <param name="folder">The new model's folder.</param>
    /// <param name="channels">Of its pictures.</param>
    /// <param name="isSilent">Whether it predicts no noise at all: whatever it is given without noise comes back.</param>
    /// <param name="card">Its <c>darkroom.json</c>; null: none.</param>
    public static void Write(string folder, int channels, bool isSilent = false, string? card = null)
    {
        string from = ConformancePack.PathOf("pipelines", "ddpm-tiny", "diffusers");
        foreach (string file in (string[])["model_index.json", "scheduler/scheduler_config.json", "unet/config.json"])
        {
            string to = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(from, file), to);
        }
        string path = Path.Combine(folder, "unet", "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        (config["in_channels"], config["out_channels"], config["add_attention"]) = (channels, channels, false);
        config["down_block_types"] = new JsonArray("DownBlock2D", "DownBlock2D", "DownBlock2D");
        config["up_block_types"] = new JsonArray("UpBlock2D", "UpBlock2D", "UpBlock2D");
        File.WriteAllText(path, config.ToJsonString(JsonSerializerOptions.Web));
        RawTensors.Write(Path.Combine(folder, "unet", Weights), RawTensors.Read(Path.Combine(from, "unet", Weights))
            .Where(one => !one.Key.Contains(".attentions.", StringComparison.Ordinal))
            .Select(one => KeyValuePair.Create(one.Key, Resized(one.Key, one.Value, channels, isSilent))));
        if (card is not null) File.WriteAllText(Path.Combine(folder, "darkroom.json"), card);
    }

    /// <summary>Writes the pack's Stable Diffusion 1 with an autoencoder for pictures of so many channels.</summary>
    public static void WriteLatent(string folder, int channels)
    {
        string from = ConformancePack.PathOf("pipelines", "sd15-tiny", "diffusers");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        string path = Path.Combine(folder, "vae", "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        (config["in_channels"], config["out_channels"]) = (channels, channels);
        File.WriteAllText(path, config.ToJsonString(JsonSerializerOptions.Web));
        string weights = Path.Combine(folder, "vae", Weights);
        RawTensors.Write(weights, RawTensors.Read(weights).Select(one => KeyValuePair.Create(one.Key, one.Key switch
        {
            "encoder.conv_in.weight" => Resized("conv_in.weight", one.Value, channels, false),
            "decoder.conv_out.weight" or "decoder.conv_out.bias" => Resized(one.Key["decoder.".Length..], one.Value, channels, false),
            _ => one.Value,
        })).ToArray());
    }

    private static RawTensor Resized(string name, RawTensor tensor, int channels, bool isSilent)
    {
        int axis = name == "conv_in.weight" ? 1 : name.StartsWith("conv_out.", StringComparison.Ordinal) ? 0 : -1;
        if (axis < 0) return tensor;
        float[] values = tensor.Floats();
        long[] shape = [.. tensor.Shape];
        shape[axis] = channels;
        int inner = (int)tensor.Shape.Skip(axis + 1).Aggregate(1L, static (all, side) => all * side), own = (int)tensor.Shape[axis];
        return RawTensor.Of(shape, Enumerable.Range(0, (int)shape.Aggregate(1L, static (all, side) => all * side)).Select(i =>
            axis == 0 && isSilent ? 0 : values[(i / (inner * channels) * own + i / inner % channels % own) * inner + i % inner]));
    }
}
