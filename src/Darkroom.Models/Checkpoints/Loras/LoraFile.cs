using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>A LoRA's file, as its header tells: layers and what stands for each. No value was read.</summary>
/// <param name="File">The file.</param>
/// <param name="Layers">Its layers, by the names that the file has for them.</param>
/// <param name="Others">Tensors that belong to none.</param>
internal sealed record LoraFile(SafetensorsFile File, IReadOnlyList<LoraLayer> Layers, int Others)
{
    /// <exception cref="InvalidDataException">It is no LoRA, or not to be trusted; the message is to stand behind the file's name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LoraFile Read(string path)
    {
        var file = SafetensorsFile.Read(path);
        var layers = new Dictionary<string, Dictionary<LoraRole, StoredTensor>>(StringComparer.Ordinal);
        int others = 0;
        foreach (var tensor in file.Tensors.Values)
        {
            if (LoraKeys.Of(tensor.Name) is not var (layer, role))
            {
                others++;
                continue;
            }
            if (!layers.TryGetValue(layer, out var tensors)) layers[layer] = tensors = [];
            if (!tensors.TryAdd(role, tensor)) throw new InvalidDataException($"names the layer '{layer}' in two ways");
        }
        var config = AdapterConfig.Of(file);
        LoraLayer[] found = [.. layers.Where(layer => layer.Value.Keys.Any(role => role is not (LoraRole.Alpha or LoraRole.Magnitude)))
            .Select(layer => new LoraLayer(layer.Key, layer.Value) { Config = config }).OrderBy(layer => layer.Name, StringComparer.Ordinal)];
        if (found.Length == 0) throw new InvalidDataException("is no LoRA: none of its tensors has a name of one");
        foreach (var layer in found) // all shapes are checked here, once
            if (Formulas.LoraFormula.Of(layer) is { Rank: { } rank }) config?.ScaleOf(layer.Name, rank);
        return new(file, found, others);
    }
}
