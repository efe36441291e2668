using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>What the weights of a part are stored as, in the words people use: that of most of its values.</summary>
internal static class StoredPrecision
{
    /// <summary>Null where there are no weights.</summary>
    public static string? Of(IReadOnlyList<StoredTensor> tensors) => Largest(tensors.Select(tensor => (NameOf(tensor.Type), tensor.Count)));

    /// <param name="weights">Values for each element type, by the numbers of <c>TensorProto.DataType</c> in onnx.proto.</param>
    /// <returns>Null where there are no weights.</returns>
    public static string? Of(IReadOnlyDictionary<int, long> weights) => Largest(weights.Select(entry => (NameOf(entry.Key), entry.Value)));

    private static string? Largest(IEnumerable<(string? Name, long Count)> weights) => weights
        .Where(entry => entry.Name is not null).GroupBy(entry => entry.Name, entry => entry.Count).MaxBy(group => group.Sum())?.Key;

    private static string? NameOf(StoredType type) => type switch
    {
        StoredType.F64 => "fp64",
        StoredType.F32 => "fp32",
        StoredType.F16 => "fp16",
        StoredType.BF16 => "bf16",
        StoredType.F8E4M3 or StoredType.F8E5M2 => "fp8",
        StoredType.I8 or StoredType.U8 => "int8",
        _ => null, // positions and switches
    };

    private static string? NameOf(int type) => type switch
    {
        1 => "fp32",
        2 or 3 => "int8",
        10 => "fp16",
        11 => "fp64",
        16 => "bf16",
        17 or 18 or 19 or 20 => "fp8",
        21 or 22 => "int4",
        _ => null, // indices and shapes
    };
}
