using Darkroom.Models.Graphs;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>Fixes axes of a graph's ports, as exports without dynamic axes have them.</summary>
internal static class FixedAxes
{
    // Field numbers of ModelProto, GraphProto, ValueInfoProto, TypeProto, its Tensor, TensorShapeProto and its Dimension.
    private const int Graph = 7, Input = 11, Output = 12, Name = 1, Type = 2, TensorType = 1, Shape = 2, Dimension = 1, Size = 1, Parameter = 2;

    /// <param name="axes">Sizes; null: as it is.</param>
    public static void Set(string path, string port, params int?[] axes)
    {
        var model = WireMessage.Parse(File.ReadAllBytes(path));
        Edit(model, Graph, graph =>
        {
            foreach (int field in new[] { Input, Output })
                Edit(graph, field, info =>
                {
                    if (info.Text(Name) != port) return;
                    int axis = 0;
                    Edit(info, Type, type => Edit(type, TensorType, tensor => Edit(tensor, Shape, shape => Edit(shape, Dimension, side =>
                    {
                        if (axes[axis++] is { } size) side.Remove(Size).Remove(Parameter).Add(Size, size);
                    }))));
                });
        });
        File.WriteAllBytes(path, model.ToArray());
    }

    /// <summary>Edits every message of a field in its place.</summary>
    private static void Edit(WireMessage message, int number, Action<WireMessage> edit)
    {
        for (int i = 0; i < message.Fields.Count; i++)
        {
            if (message.Fields[i].Number != number) continue;
            var inner = WireMessage.Parse(message.Fields[i].Bytes.ToArray());
            edit(inner);
            message.Fields[i] = message.Fields[i] with { Bytes = inner.ToArray() };
        }
    }
}
