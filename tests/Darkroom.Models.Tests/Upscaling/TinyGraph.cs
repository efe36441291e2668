using System.Text;

namespace Darkroom.Models.Tests.Upscaling;

/// <summary>Small upscaling graphs, written byte by byte (onnx.proto): each enlarges by repeating pixels, so what a picture becomes is known exactly.</summary>
internal sealed class TinyGraph
{
    // TensorProto.DataType
    private const int Float = 1, Half = 10;

    /// <summary>Axes of the input; null is free.</summary>
    public int?[] Input { get; init; } = [null, 3, null, null];

    public int Scale { get; init; } = 2;

    /// <summary>Whether input and output are float16.</summary>
    public bool InHalf { get; init; }

    /// <summary>Sides must be a multiple of it.</summary>
    public int Multiple { get; init; } = 1;

    /// <summary>Multiplies every value.</summary>
    public float Gain { get; init; } = 1;

    public int Inputs { get; init; } = 1;

    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    public byte[] ToBytes()
    {
        var nodes = new List<byte[]>();
        string at = "picture";
        void Add(string operation, byte[][] attributes, params string[] more)
        {
            nodes.Add(Field(1, [.. Text(1, at), .. more.SelectMany(name => Text(1, name)), .. Text(2, at + "'"), .. Text(4, operation),
                .. attributes.SelectMany(one => Field(5, one))]));
            at += "'";
        }
        if (InHalf) Add("Cast", [Number("to", Float)]);
        if (Multiple > 1)
        {
            Add("SpaceToDepth", [Number("blocksize", Multiple)]);
            Add("DepthToSpace", [Number("blocksize", Multiple)]);
        }
        Add("Mul", [], "gain");
        Add("Resize", [Word("mode", "nearest"), Word("coordinate_transformation_mode", "asymmetric"), Word("nearest_mode", "floor")], "", "scales");
        if (InHalf) Add("Cast", [Number("to", Half)]);
        int type = InHalf ? Half : Float;
        byte[] graph =
        [
            .. nodes.SelectMany(node => node), .. Text(2, "tiny"), .. Field(5, Floats("scales", 1, 1, Scale, Scale)), .. Field(5, Floats("gain", Gain)),
            .. Enumerable.Range(0, Inputs).SelectMany(i => Field(11, Port(i == 0 ? "picture" : $"more{i}", type, Input))),
            .. Field(12, Port(at, type, [null, null, null, null])),
        ];
        return
        [
            .. Value(1, 8), .. Field(7, graph), .. Field(8, Value(2, 17)),
            .. Properties.SelectMany(one => Field(14, [.. Text(1, one.Key), .. Text(2, one.Value)])),
        ];
    }

    private static byte[] Port(string name, int type, int?[] axes)
    {
        byte[] shape = [.. axes.SelectMany((axis, i) => Field(1, axis is { } size ? Value(1, size) : Text(2, $"{name}{i}")))];
        return [.. Text(1, name), .. Field(2, Field(1, [.. Value(1, type), .. Field(2, shape)]))];
    }

    private static byte[] Floats(string name, params float[] values) =>
        [.. values.Length > 1 ? Value(1, values.Length) : [], .. Value(2, Float),
            .. values.SelectMany(value => (byte[])[4 << 3 | 5, .. BitConverter.GetBytes(value)]), .. Text(8, name)];

    private static byte[] Number(string name, int value) => [.. Text(1, name), .. Value(3, value), .. Value(20, 2)];

    private static byte[] Word(string name, string value) => [.. Text(1, name), .. Text(4, value), .. Value(20, 3)];

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] content) => [.. Varint(field << 3 | 2), .. Varint(content.Length), .. content];

    private static byte[] Value(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >>> 7)];
}
