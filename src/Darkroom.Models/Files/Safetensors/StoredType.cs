namespace Darkroom.Models.Files.Safetensors;

/// <summary>Element types of the format, as their names stand in a header.</summary>
internal enum StoredType
{
    F64,
    F32,
    F16,
    BF16,
    F8E4M3,
    F8E5M2,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    Bool,
}

/// <summary>Names and sizes of the types.</summary>
internal static class StoredTypes
{
    /// <summary>The type of a name in a header; null where it is unknown.</summary>
    public static StoredType? Find(string name) => name switch
    {
        "F64" => StoredType.F64,
        "F32" => StoredType.F32,
        "F16" => StoredType.F16,
        "BF16" => StoredType.BF16,
        "F8_E4M3" => StoredType.F8E4M3,
        "F8_E5M2" => StoredType.F8E5M2,
        "I64" => StoredType.I64,
        "I32" => StoredType.I32,
        "I16" => StoredType.I16,
        "I8" => StoredType.I8,
        "U64" => StoredType.U64,
        "U32" => StoredType.U32,
        "U16" => StoredType.U16,
        "U8" => StoredType.U8,
        "BOOL" => StoredType.Bool,
        _ => null,
    };

    /// <summary>Bytes of one value.</summary>
    public static int SizeOf(this StoredType type) => type switch
    {
        StoredType.F64 or StoredType.I64 or StoredType.U64 => 8,
        StoredType.F32 or StoredType.I32 or StoredType.U32 => 4,
        StoredType.F16 or StoredType.BF16 or StoredType.I16 or StoredType.U16 => 2,
        _ => 1,
    };

    /// <summary>Whether its values are weights that can be multiplied as they are: floating point.</summary>
    public static bool IsFloat(this StoredType type) => type <= StoredType.F8E5M2;
}
