using System.Text;

namespace Darkroom.TestKit;

/// <summary>
/// Makes a graph hang: nodes are appended to an ONNX file between what makes its output and the output. Protocol buffers merge what is written twice, so that
/// the file itself stays as it is but for a name.
/// </summary>
public static class HangingGraph
{
    private const string Before = "px_before";
    private const int Float = 1, Int32 = 6, Int64 = 7, Bool = 9;

    /// <summary>A Loop that ends after 2^40 rounds: ONNX Runtime looks whether to go on between two nodes of its body.</summary>
    /// <param name="model">The file.</param>
    /// <param name="output">Name of its output.</param>
    public static byte[] Endless(byte[] model, string output)
    {
        byte[] body =
        [
            .. Field(1, Node("Identity", ["c"], ["c_out"])), .. Field(1, Node("Tanh", ["v"], ["v_out"])), .. Text(2, "body"),
            .. Field(11, Scalar("i", Int64)), .. Field(11, Scalar("c", Bool)), .. Field(11, Port("v", Float)),
            .. Field(12, Scalar("c_out", Bool)), .. Field(12, Port("v_out", Float)),
        ];
        return Append(model, output,
        [
            .. Field(5, [.. Number(2, Int64), .. Text(8, "px_rounds"), .. Field(9, BitConverter.GetBytes(1L << 40))]),
            .. Field(5, [.. Number(2, Bool), .. Text(8, "px_true"), .. Field(9, [1])]),
            .. Field(1,
            [
                .. Node("Loop", ["px_rounds", "px_true", Renamed(output)], [output]), .. Field(5, [.. Text(1, "body"), .. Field(6, body), .. Number(20, 5)]),
            ]),
        ]);
    }

    /// <summary>One product of two integer matrices of so many rows: a single node, which runs to its end whatever it is told.</summary>
    /// <param name="model">The file.</param>
    /// <param name="output">Name of its output.</param>
    /// <param name="side">Rows and columns of the matrices; 4096 take more than a minute.</param>
    public static byte[] Stuck(byte[] model, string output, int side) => Append(model, output,
    [
        .. Field(5, [.. Number(1, 2), .. Number(2, Int64), .. Text(8, "px_sides"), .. Number(7, side), .. Number(7, side)]),
        .. Field(1, [.. Node("ReduceMax", [Renamed(output)], ["px_max"]), .. Integer("keepdims", 0)]),
        .. Field(1, [.. Node("Cast", ["px_max"], ["px_int"]), .. Integer("to", Int32)]),
        .. Field(1, Node("Expand", ["px_int", "px_sides"], ["px_matrix"])),
        .. Field(1, Node("MatMul", ["px_matrix", "px_matrix"], ["px_product"])),
        .. Field(1, [.. Node("ReduceMax", ["px_product"], ["px_end"]), .. Integer("keepdims", 0)]),
        .. Field(1, [.. Node("Cast", ["px_end"], ["px_float"]), .. Integer("to", Float)]),
        .. Field(1, Node("Add", [Renamed(output), "px_float"], [output])),
    ]);

    private static string Renamed(string output) => Before.PadRight(output.Length, '_')[..output.Length];

    private static byte[] Append(byte[] model, string output, byte[] nodes)
    {
        byte[] made = Text(2, output), renamed = Text(2, Renamed(output)); // as a node's output; the graph's own says it in another field
        byte[] all = [.. model, .. Field(7, nodes)];
        int found = 0;
        for (int at = 0; (at = all.AsSpan(0, model.Length)[found..].IndexOf(made)) >= 0; found += at + made.Length) renamed.CopyTo(all, found + at);
        return found > 0 ? all : throw new ArgumentException($"No node makes '{output}'.", nameof(output));
    }

    private static byte[] Node(string opType, string[] inputs, string[] outputs) =>
    [
        .. inputs.SelectMany(name => Text(1, name)), .. outputs.SelectMany(name => Text(2, name)), .. Text(3, $"px_{opType}_{outputs[0]}"), .. Text(4, opType),
    ];

    private static byte[] Integer(string name, long value) => Field(5, [.. Text(1, name), .. Number(3, value), .. Number(20, 2)]);

    private static byte[] Scalar(string name, int element) => [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, element), .. Field(2, [])]))];

    // Without a shape: of any.
    private static byte[] Port(string name, int element) => [.. Text(1, name), .. Field(2, Field(1, Number(1, element)))];

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Field(int field, byte[] content) => [.. Varint(field << 3 | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value > 127; value >>= 7) yield return (byte)(value | 128);
        yield return (byte)value;
    }
}
