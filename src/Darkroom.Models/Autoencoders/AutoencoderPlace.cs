using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Checkpoints.Names;
using Darkroom.Models.Files;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.Shapes;

namespace Darkroom.Models.Autoencoders;

/// <summary>
/// Where an autoencoder lies: a folder of two graphs (<c>vae_decoder/model.onnx</c>), a folder in diffusers' layout (<c>config.json</c> and weights), or a file
/// of weights in LDM's names or diffusers', beside which a card may name a folder with the configuration.
/// </summary>
/// <param name="Path">The folder, or the file.</param>
internal sealed record AutoencoderPlace(string Path)
{
    private const string Config = "config.json", OfModel = "first_stage_model.";

    /// <summary>The halves, as diffusers' folders of graphs name them.</summary>
    public static IReadOnlyList<string> Halves { get; } = [FolderLayout.Decoder, FolderLayout.Encoder];

    /// <summary>Whether it is a file.</summary>
    public bool IsFile { get; } = Path.EndsWith(CheckpointFile.Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is two graphs.</summary>
    public bool IsGraphs { get; } = Directory.Exists(System.IO.Path.Combine(Path, FolderLayout.Decoder));

    private string Name => System.IO.Path.GetFileName(Path);

    private string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The file in which its owner says what a file of weights cannot.</summary>
    private string Card => System.IO.Path.GetFileNameWithoutExtension(Path) + ModelPlace.CardEnd;

    /// <summary>Whether a folder holds an autoencoder, whole or not: then nothing below it is looked at.</summary>
    public static bool IsFolder(string folder) => Directory.Exists(System.IO.Path.Combine(folder, FolderLayout.Decoder))
        || (File.Exists(System.IO.Path.Combine(folder, Config))
            && Directory.EnumerateFiles(folder).Any(file => !file.EndsWith(".json", StringComparison.Ordinal)));

    /// <summary>Paths of all files that decide what it is, whether they exist or not.</summary>
    public IReadOnlyList<string> Files()
    {
        var faults = new FaultList();
        if (IsGraphs)
            return [.. Halves.SelectMany(part => (string[])
                [$"{part}/{Config}", .. GraphFile.Read(Path, part, faults, required: false)?.Files ?? [$"{part}/{GraphFile.Name}"]])
                .Select(file => System.IO.Path.Combine(Path, file))];
        if (!IsFile) return [System.IO.Path.Combine(Path, Config), .. Weights(faults)?.Files ?? []];
        string[] card = [System.IO.Path.Combine(Folder, Card)];
        return ConfigFile() is { } config ? [Path, .. card, System.IO.Path.Combine(config.Root, config.File)] : [Path, .. card];
    }

    /// <summary>The fields of its configuration; null where it has none, or where a fault was added.</summary>
    public JsonFields? ReadConfig(FaultList faults)
    {
        if (IsGraphs)
            return Halves.Select(part => JsonFile.Read(Path, $"{part}/{Config}", faults, required: false)).FirstOrDefault(found => found is not null);
        if (!IsFile) return JsonFile.Read(Path, Config, faults);
        if (JsonFile.Read(Folder, Card, faults, required: false, strict: true) is { } card)
        {
            foreach (string key in card.Names.Where(key => key != "config")) card.Fault(key, "is not a key of this file; config alone is known");
            if (card.Text("config") is not null && ConfigFile() is null) card.Fault("config", $"there is no such folder with a {Config}");
        }
        return ConfigFile() is { } config ? JsonFile.Read(config.Root, config.File, faults) : null;
    }

    /// <summary>Its weights; null where it is graphs, or where a fault was added.</summary>
    public PartWeights? Weights(FaultList faults)
    {
        if (IsGraphs) return null;
        if (!IsFile)
        {
            var found = new FolderSource(Folder).Find(Name, faults);
            if (found is null && !faults.Any) faults.Add(Name, "has no .safetensors file with weights");
            return found;
        }
        if (CheckpointFile.Read(Path, Name, Folder, faults) is not { } file) return null;
        foreach (string prefix in (string[])[OfModel, ""])
            if (file.Tensors.ContainsKey($"{prefix}decoder.up.0.block.0.conv1.weight"))
                return new(new AutoencoderNames(file, prefix), Name, [Path],
                    [.. file.Tensors.Values.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))]);
        if (file.Tensors.ContainsKey("decoder.up_blocks.0.resnets.0.conv1.weight")) return new(new FileWeights(file), Name, [Path], [.. file.Tensors.Values]);
        faults.Add(Name, "has no tensors of an autoencoder (names such as decoder.up.0.block.0.conv1.weight or decoder.up_blocks.0.resnets.0.conv1.weight)");
        return null;
    }

    /// <summary>How it is built; null where a fault was added.</summary>
    public AutoencoderShape? ShapeOf(PartWeights weights, FaultList faults)
    {
        if (!IsFile) return AutoencoderShapeFile.Read(Path, faults, Config);
        if (ConfigFile() is { } config) return AutoencoderShapeFile.Read(config.Root, faults, config.File);
        var shape = AutoencoderTensors.Of(weights.Weights);
        if (shape is null) faults.Add(Name, "has not the tensors of an autoencoder");
        else if (shape.Channels.FirstOrDefault(channels => channels % shape.Groups > 0) is > 0 and var odd)
            faults.Add(Name, $"has a level of {odd} channels, which are no {shape.Groups} groups as in published autoencoders; {Card} beside it can name a "
                + $"folder with diffusers' {Config}: {{ \"config\": \"folder\" }}");
        return shape;
    }

    /// <summary>The configuration that the card of a file of weights names: of an autoencoder's folder, or of a model's.</summary>
    private (string Root, string File)? ConfigFile()
    {
        if (ModelPlace.ConfigOf(Path) is not { } root) return null;
        foreach (string file in (string[])[Config, $"{FolderLayout.Autoencoder}/{Config}"])
            if (File.Exists(System.IO.Path.Combine(root, file))) return (root, file);
        return null;
    }
}
