using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>
/// Finds what stands behind a layer's weight in a graph: a stored tensor, through casts, transposes and the products with a scale that exporters write.
/// </summary>
internal sealed class ConstantWeights(OnnxModel model, Dataflow flow, IReadOnlyDictionary<string, PlacedWeight> placed)
{
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(model.Path))!;

    /// <summary>The weight as torch has it, [out, in …]; null where it is computed, or stored in a way that is not known here.</summary>
    /// <param name="value">What the node takes.</param>
    /// <param name="takesTransposed">Whether the node takes it as [in, out].</param>
    public StoredTensor? Find(string value, bool takesTransposed)
    {
        bool turned = takesTransposed;
        long? element = null; // of what the node takes
        StoredTensor? scale = null;
        IReadOnlyList<long> scaleSides = [];
        while (flow.StoredOf(value) is null)
        {
            if (flow.MakerOf(value) is not { } maker) return null;
            if (maker.Is("Transpose") && (maker.Integers("perm") ?? [1, 0]) is [1, 0])
            {
                if (scale is not null) return null;
                turned = !turned;
            }
            else if (maker.Is("Mul") && scale is null)
            {
                int at = flow.StoredOf(maker.Inputs[1]) is not null ? 1 : 0;
                if (flow.StoredOf(maker.Inputs[at]) is not { } stored || Stored(stored) is not { } found || !found.Type.IsFloat()) return null;
                (scale, scaleSides) = (found, stored.Shape);
                value = maker.Inputs[1 - at];
                continue;
            }
            else if (maker.Is("Cast"))
            {
                element ??= maker.Integer("to");
            }
            else if (!maker.Is("Identity"))
            {
                return null;
            }
            value = maker.Inputs[0];
        }
        element ??= placed.TryGetValue(value, out var known) ? known.Element : flow.StoredOf(value)!.ElementType;
        // A graph of float16 has no kernels for whole numbers.
        if (element != OnnxElement.Float || Turned(value, turned) is not { } weight) return null;
        if (scale is null) return weight.Type.IsFloat() ? weight : null;
        // One scale for each entry of one axis, or a single one.
        int axis = scaleSides.Index().FirstOrDefault(side => side.Item > 1, (Index: -1, Item: 0)).Index;
        if (axis >= 0 && (scaleSides.Count != weight.Shape.Count || scale.Count != scaleSides[axis])) return null;
        int of = turned ? weight.Shape.Count - 1 - axis : axis;
        if (axis >= 0 && (scale.Count != weight.Shape[of] || (of > 0 && weight.Shape.Count != 2))) return null;
        return weight.With([new ChannelScale(scale, ofRows: of == 0), .. weight.Changes]);
    }

    /// <summary>Whether what a node takes beside its weight stays what it is: the values of a bias.</summary>
    public bool IsConstant(string value) => value.Length == 0 || placed.ContainsKey(value) || flow.ConstantOf(value) is not null;

    private StoredTensor? Turned(string value, bool turned)
    {
        if (placed.TryGetValue(value, out var known))
        {
            if (known.Tensor.Transposed == turned) return known.Tensor;
            return known.Tensor is { Changes: [], HalvesSwapped: false, Shape.Count: 2 } ? known.Tensor.Transpose() : null;
        }
        if (Stored(flow.StoredOf(value)!) is not { } tensor || tensor.Shape.Count < 2) return null;
        return !turned ? tensor : tensor.Shape.Count == 2 ? tensor.Transpose() : null;
    }

    private StoredTensor? Stored(OnnxTensor tensor)
    {
        if (tensor.Place is not { } place || TypeOf(tensor.ElementType) is not { } type || tensor.Count == 0) return null;
        var stored = new StoredTensor(Path.Combine(folder, place.Location), tensor.Name, type, tensor.Shape, place.Offset);
        return place.Length != 0 && place.Length != stored.Bytes ? null : stored;
    }

    private static StoredType? TypeOf(long element) => element switch
    {
        OnnxElement.Float => StoredType.F32,
        2 => StoredType.U8,
        3 => StoredType.I8,
        OnnxElement.Float16 => StoredType.F16,
        OnnxElement.BFloat16 => StoredType.BF16,
        _ => null,
    };
}
