using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Writing;

/// <summary>ONNX's numbers of element types (<c>TensorProto.DataType</c>).</summary>
internal static class OnnxElement
{
    public const int Float = 1, Int32 = 6, Int64 = 7, Bool = 9, Float16 = 10, BFloat16 = 16;

    /// <summary>Bytes of a value, of the types that weights are computed with; of another it is as it is stored.</summary>
    public static int SizeOf(int element, StoredType stored) => element switch
    {
        Float => 4,
        Float16 => 2,
        _ => stored.SizeOf(),
    };

    /// <summary>What values of a file are to ONNX.</summary>
    public static int Of(StoredType type) => type switch
    {
        StoredType.F64 => 11,
        StoredType.F32 => Float,
        StoredType.F16 => Float16,
        StoredType.BF16 => BFloat16,
        StoredType.F8E4M3 => 17, // FLOAT8E4M3FN: no infinities, as torch's float8_e4m3fn
        StoredType.F8E5M2 => 19,
        StoredType.I64 => Int64,
        StoredType.I32 => Int32,
        StoredType.I16 => 5,
        StoredType.I8 => 3,
        StoredType.U64 => 13,
        StoredType.U32 => 12,
        StoredType.U16 => 4,
        StoredType.U8 => 2,
        _ => Bool,
    };
}
