using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>
/// Writes a convolution over whole numbers as a product. ONNX Runtime's own quantised convolution wants the scale of its output before it computes it; a
/// product gives float32, and needs none.
/// </summary>
internal static class ConvolutionNodes
{
    /// <summary>What of a convolution can be written so.</summary>
    public static Kernel? KernelOf(OnnxNode node, IReadOnlyList<long> sides)
    {
        if (sides.Count != 4 || (node.Integer("group") ?? 1) != 1 || node.TextOf("auto_pad") is not ("" or "NOTSET")) return null;
        if (node.Integers("dilations") is { } dilations && dilations.Any(dilation => dilation != 1)) return null;
        var (strides, pads) = (node.Integers("strides") ?? [1, 1], node.Integers("pads") ?? [0, 0, 0, 0]);
        return strides is [var down, var right] && down == right && pads.Count == 4 ? new(sides[0], sides[1], sides[2], sides[3], down, pads) : null;
    }

    /// <param name="nodes">Receives the nodes.</param>
    /// <param name="layer">The convolution: [B, C, h, w] to [B, O, h', w'].</param>
    /// <param name="weight">[kernel · kernel · C, O].</param>
    /// <param name="bias">[O]; empty: none.</param>
    /// <param name="kernel">Its shape.</param>
    public static void Write(NodeList nodes, OnnxNode layer, IntegerWeight weight, string bias, Kernel kernel)
    {
        if (kernel.IsPoint)
        {
            WritePoint(nodes, layer, weight, bias);
            return;
        }
        string[] x = nodes.OnceMany("DynamicQuantizeLinear", "", 3, [layer.Inputs[0]]);
        string picture = nodes.Once("Transpose", "", [x[0]], static node => node.Set("perm", [0, 2, 3, 1])); // [B, h, w, C]
        if (kernel.Pads.Any(pad => pad != 0))
        {
            var (top, left, bottom, right) = (kernel.Pads[0], kernel.Pads[1], kernel.Pads[2], kernel.Pads[3]);
            picture = nodes.Once("Pad", "", [picture, nodes.Integers(0, top, left, 0, 0, bottom, right, 0), x[2]]);
        }
        string shape = nodes.Once("Shape", "", [picture]), height = Side(1, kernel.Height), width = Side(2, kernel.Width);
        string patches = Patches();
        string name = layer.Name + "/int8", product = layer.Outputs[0] + "/product", turned = layer.Outputs[0] + "/turned";
        nodes.Add("MatMulIntegerToFloat", name, [patches, weight.Values, x[1], weight.Scales, x[2], weight.Zero, bias], [product],
            domain: GraphWriter.Runtime); // [B, h' · w', O]
        nodes.Add("Transpose", name + "/turned", [product], [turned], static node => node.Set("perm", [0, 2, 1]));
        string sides = nodes.Once("Concat", "", [nodes.Integers(0, 0), One(height), One(width)], static node => node.Set("axis", 0));
        nodes.Add("Reshape", name + "/picture", [turned, sides], [layer.Outputs[0]]);

        // (padded − kernel) / stride + 1
        string Side(int axis, long size)
        {
            string whole = nodes.Once("Gather", "", [shape, nodes.Integer(axis)]);
            string places = nodes.Once("Sub", "", [whole, nodes.Integer(size - kernel.Stride)]);
            return kernel.Stride == 1 ? places : nodes.Once("Div", "", [places, nodes.Integer(kernel.Stride)]);
        }

        // For each place the kernel's values side by side, [B, h' · w', kernel · kernel · C]: runs of C bytes, taken by their numbers.
        string Patches()
        {
            string row = nodes.Once("Gather", "", [shape, nodes.Integer(2)]); // runs of a padded row
            string down = Range(height, nodes.Once("Mul", "", [row, nodes.Integer(kernel.Stride)])), right = Range(width, nodes.Integer(kernel.Stride));
            string corners = nodes.Once("Add", "", [nodes.Once("Reshape", "", [down, nodes.Integers(-1, 1)]), right]); // [h', w']
            long[] y = [.. Places(static (row, _) => row)], across = [.. Places(static (_, column) => column)];
            string inside = nodes.Once("Add", "", [nodes.Once("Mul", "", [nodes.Integers(y), row]), nodes.Integers(across)]); // [kernel · kernel]
            string numbers = nodes.Once("Add", "", [nodes.Once("Reshape", "", [corners, nodes.Integers(-1, 1)]), inside]);
            string runs = nodes.Once("Reshape", "", [picture, nodes.Integers(0, -1, kernel.Inputs)]);
            string taken = nodes.Once("Gather", "1", [runs, numbers], static node => node.Set("axis", 1)); // [B, h' · w', kernel · kernel, C]
            return nodes.Once("Reshape", "", [taken, nodes.Integers(0, -1, kernel.Height * kernel.Width * kernel.Inputs)]);
        }

        IEnumerable<long> Places(Func<long, long, long> of)
        {
            for (long row = 0; row < kernel.Height; row++)
                for (long column = 0; column < kernel.Width; column++) yield return of(row, column);
        }

        string Range(string count, string step) =>
            nodes.Once("Mul", "", [nodes.Once("Range", "", [nodes.Integer(0), count, nodes.Integer(1)]), step]);

        string One(string number) => nodes.Once("Reshape", "", [number, nodes.Integers(1)]);
    }

    /// <summary>
    /// A kernel of one place is a linear layer over the positions. It gets what the picture carries from block to block, not normalised, in which some
    /// positions are much larger than others, so each has a scale of its own.
    /// </summary>
    private static void WritePoint(NodeList nodes, OnnxNode layer, IntegerWeight weight, string bias)
    {
        string positions = nodes.Once("Transpose", "", [layer.Inputs[0]], static node => node.Set("perm", [0, 2, 3, 1])), sums = layer.Outputs[0] + "/sums";
        LinearNodes.Positions(nodes, layer.Name, positions, weight, bias, sums); // [B, h, w, O]
        nodes.Add("Transpose", layer.Name + "/turned", [sums], [layer.Outputs[0]], static node => node.Set("perm", [0, 3, 1, 2]));
    }

    /// <summary>The shape of a convolution.</summary>
    /// <param name="Pads">Top, left, bottom, right.</param>
    internal readonly record struct Kernel(long Outputs, long Inputs, long Height, long Width, long Stride, IReadOnlyList<long> Pads)
    {
        public bool IsPoint => Height == 1 && Width == 1 && Stride == 1 && Pads.All(pad => pad == 0);
    }
}
