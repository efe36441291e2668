using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Checkpoints.Names;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.UNets;
using Net = Darkroom.Models.Networks.UNets.ControlNet;

namespace Darkroom.Models.ControlNets;

/// <summary>
/// What the files of a ControlNet are found to be: a graph that somebody exported, or weights, and the shape of the network that is written for them. Headers
/// alone were read.
/// </summary>
internal sealed record ControlNetContents
{
    private PartWeights? weights;
    private ControlNetShape? shape;

    public required ControlNetDescription Description { get; init; }

    /// <summary>The files as they were.</summary>
    public required FileStamps Stamps { get; init; }

    /// <summary>The exported graph; null: graphs are written.</summary>
    public string? Graph { get; private init; }

    /// <summary>Looks at a folder or file.</summary>
    /// <param name="root">The folder of all ControlNets.</param>
    /// <param name="relative">Its place there, with <c>/</c>.</param>
    /// <param name="id">What requests call it.</param>
    public static ControlNetContents Read(string root, string relative, string id)
    {
        string path = Path.Combine(root, relative);
        var faults = new FaultList();
        if (!Directory.Exists(path)) return OfFile(root, relative, id, faults);
        string graph = Path.Combine(path, GraphFile.Name);
        var weights = Path.Exists(graph) ? null : new FolderSource(root).Find(relative, faults);
        if (weights is null && !faults.Any) return OfGraph(root, relative, id, faults);
        ControlNetShape? shape = null;
        if (weights is not null && !Refuse(weights.Tensors, weights.Name, faults))
            shape = ControlNetShapeFile.Read(root, $"{relative}/config.json", faults);
        return OfWeights(id, weights, shape, [.. weights?.Files ?? [], Path.Combine(path, "config.json")], faults);
    }

    /// <summary>The graph of what the picture is made to, and the one that is called at every step.</summary>
    /// <exception cref="InvalidDataException">The weights do not fit.</exception>
    public (WrittenGraph Hint, WrittenGraph Main) Write(GraphTarget target)
    {
        var faults = new FaultList();
        return Write(weights!, weights!.Weights, shape!, target, faults) ?? throw new InvalidDataException(faults.ToString());
    }

    private static ControlNetContents OfGraph(string root, string relative, string id, FaultList faults)
    {
        var graph = GraphFile.Read(root, relative, faults, required: true);
        if (graph is not null && graph.Outline.AxesOf(Net.Picture) is null)
            faults.Add($"{relative}/{GraphFile.Name}", $"has no input {Net.Picture}, which every ControlNet has");
        var config = JsonFile.Read(root, $"{relative}/config.json", faults, required: false);
        string[] files = [.. graph?.Files ?? [$"{relative}/{GraphFile.Name}"]];
        return new()
        {
            Graph = Path.Combine(root, relative, GraphFile.Name),
            Stamps = FileStamps.Of(files.Select(file => Path.Combine(root, file))),
            Description = Describe(id, graph?.Bytes ?? 0, config?.Sizes("cross_attention_dim", 1 << 16)?.Max(),
                config?.Text("addition_embed_type") is not null, faults),
        };
    }

    private static ControlNetContents OfFile(string root, string relative, string id, FaultList faults)
    {
        string path = Path.Combine(root, relative), name = Path.GetFileName(path);
        string? config = ModelPlace.ConfigOf(path);
        var files = new List<string> { path, Path.ChangeExtension(path, null) + ModelPlace.CardEnd };
        if (config is not null) files.Add(Path.Combine(config, "config.json"));
        if (!name.EndsWith(CheckpointFile.Extension, StringComparison.OrdinalIgnoreCase))
        {
            faults.Add(name, "is a pickle, which can run any program when it is read; it has to be a .safetensors file");
            return OfWeights(id, null, null, files, faults);
        }
        if (CheckpointFile.Read(path, name, root, faults) is not { } file || Refuse([.. file.Tensors.Values], name, faults))
            return OfWeights(id, null, null, files, faults);
        string? prefix = ControlNetTensors.PrefixOf(file.Tensors.Keys);
        IWeights names = prefix is null ? new FileWeights(file) : new ControlNetNames(file, prefix);
        var weights = new PartWeights(names, name, [file.Path],
            [.. file.Tensors.Values.Where(tensor => tensor.Name.StartsWith(prefix ?? "", StringComparison.Ordinal))]);
        var shape = config is null ? ControlNetTensors.ShapeOf(names) : ControlNetShapeFile.Read(config, "config.json", faults);
        if (shape is null && !faults.Any)
            faults.Add(name, $"is a ControlNet whose sizes are those of no published one; {Path.GetFileNameWithoutExtension(name)}{ModelPlace.CardEnd} beside "
                + "it can name a folder with diffusers' config.json of it: { \"config\": \"folder\" }");
        return OfWeights(id, weights, shape, files, faults);
    }

    private static ControlNetContents OfWeights(string id, PartWeights? weights, ControlNetShape? shape, IReadOnlyList<string> files, FaultList faults)
    {
        if (weights is not null && shape is not null) Check(weights, shape, faults);
        var unet = shape?.UNet;
        bool attends = unet is not null && (unet.Middle > 0 || unet.Down.Any(level => level.Any(depth => depth > 0)));
        return new()
        {
            weights = weights,
            shape = shape,
            Stamps = FileStamps.Of(files),
            Description = Describe(id, weights?.BytesOf("controlnet") ?? 0, attends ? unet!.TextWidth : null, unet?.Added is not null, faults)
                with { TimestepPerRow = true },
        };
    }

    private static ControlNetDescription Describe(string id, long bytes, int? text, bool added, FaultList faults) => new()
    {
        Id = id,
        Bytes = bytes,
        TextWidth = text,
        Base = added ? "stable-diffusion-xl" : text switch { 768 => "stable-diffusion-1", 1024 => "stable-diffusion-2", _ => null },
        Fault = faults.ToString(),
    };

    private static bool Refuse(IReadOnlyList<StoredTensor> tensors, string name, FaultList faults)
    {
        if (ControlNetTensors.Refusal([.. tensors.Select(tensor => tensor.Name)]) is not { } reason) return false;
        faults.Add(name, reason);
        return true;
    }

    /// <summary>Writes the graphs once: weights that are missing or of another size are named now, and so are those that nobody would use.</summary>
    private static void Check(PartWeights weights, ControlNetShape shape, FaultList faults)
    {
        var used = new Used(weights.Weights);
        if (shape.PictureChannels != 3) faults.Add(weights.Name, $"is shown pictures of {shape.PictureChannels} channels: it cannot be used, only one for RGB");
        if (Write(weights, used, shape, GraphTarget.Cpu, faults) is null) return;
        if (weights.Tensors.FirstOrDefault(tensor => tensor.Type.IsFloat() && tensor.Count > 1 && !used.Names.Contains(tensor.Name)) is { } other)
            faults.Add(weights.Name, $"has weights that no ControlNet that is known has: '{other.Name}'");
    }

    private static (WrittenGraph, WrittenGraph)? Write(PartWeights weights, IWeights names, ControlNetShape shape, GraphTarget target, FaultList faults)
    {
        var hint = Net.WriteHint(shape, new NetworkWriter(target, names, faults, weights.Name));
        var main = Net.Write(shape, new NetworkWriter(target, names, faults, weights.Name));
        return hint is null || main is null ? null : (hint, main);
    }

    /// <summary>Notes which tensors are asked for.</summary>
    private sealed class Used(IWeights weights) : IWeights
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public StoredTensor? Find(string name)
        {
            var found = weights.Find(name);
            if (found is not null) Names.Add(found.Name);
            return found;
        }
    }
}
