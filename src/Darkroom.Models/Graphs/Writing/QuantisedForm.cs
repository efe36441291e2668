namespace Darkroom.Models.Graphs.Writing;

/// <summary>How the values of a weight [out, in …] lie in memory where they are whole numbers times a scale.</summary>
/// <param name="Bits">Of a value, 8 or 4.</param>
/// <param name="Block">Values of a row that share a scale; 0: all of them.</param>
/// <param name="MaxLevel">The largest whole number; the smallest is the same below zero.</param>
/// <param name="IsUnsigned">Whether what is stored is the number and <see cref="Middle"/>, of values that share a scale by the row.</param>
internal sealed record QuantisedForm(int Bits, int Block, int MaxLevel, bool IsUnsigned = false)
{
    /// <summary>What stands for zero in an unsigned byte.</summary>
    public const byte Middle = 128;

    private const int Line = 64; // scales begin at a cache line

    private const int Int8 = 3, UInt8 = 2; // ONNX's numbers of the types

    /// <summary>int8 or uint8 [in, out], one scale for each output: what ONNX Runtime's integer products take.</summary>
    public static QuantisedForm Columns(bool isUnsigned) => new(8, 0, 127, isUnsigned);

    /// <summary>uint8 [out, blocks, bytes] around the middle of its range, one scale for each block: what MatMulNBits takes.</summary>
    public static QuantisedForm Blocks(int bits, int block) => new(bits, block, (1 << (bits - 1)) - 1);

    /// <summary>Whether inputs are the rows in memory, and outputs the columns.</summary>
    public bool IsTurned => Block == 0;

    public int Element => IsTurned && !IsUnsigned ? Int8 : UInt8;

    /// <summary>Blocks of a row.</summary>
    public long BlocksOf(long inputs) => IsTurned ? 1 : (inputs + Block - 1) / Block;

    /// <summary>Bytes of a row's values.</summary>
    public long RowBytes(long inputs) => IsTurned ? inputs : BlocksOf(inputs) * Block * Bits / 8;

    /// <summary>Sides of the values.</summary>
    public IReadOnlyList<long> Sides(long outputs, long inputs) => IsTurned ? [inputs, outputs] : [outputs, BlocksOf(inputs), Block * Bits / 8];

    /// <summary>Sides of the scales.</summary>
    public IReadOnlyList<long> ScaleSides(long outputs, long inputs) => IsTurned ? [outputs] : [outputs, BlocksOf(inputs)];

    /// <summary>Where the scales begin, in bytes behind the first value.</summary>
    public long ScalesAt(long outputs, long inputs) => (outputs * RowBytes(inputs) + Line - 1) / Line * Line;

    /// <summary>Bytes of values and scales.</summary>
    public long Bytes(long outputs, long inputs) => ScalesAt(outputs, inputs) + sizeof(float) * outputs * BlocksOf(inputs);
}
