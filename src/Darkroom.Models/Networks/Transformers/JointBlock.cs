using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>A block of two streams, picture and text: diffusers' <c>JointTransformerBlock</c> and <c>FluxTransformerBlock</c>.</summary>
/// <param name="sequences">Of the batch.</param>
/// <param name="attention">Of both streams to both.</param>
internal sealed class JointBlock(Sequences sequences, JointAttention attention)
{
    /// <summary>Whether the picture attends to itself once more.</summary>
    public bool IsDual { get; init; }

    /// <summary>Whether the text is not needed any more behind it.</summary>
    public bool IsLast { get; init; }

    /// <summary>Turns the picture's queries and keys by their places; null: none.</summary>
    public Rotation? Rotation { get; init; }

    /// <summary>Turns the text's; null where they need not be turned.</summary>
    public Rotation? TextRotation { get; init; }

    /// <param name="picture">[B, S, C].</param>
    /// <param name="text">[B, T, C].</param>
    /// <param name="condition">Behind SiLU, [B, C].</param>
    public (GraphValue Picture, GraphValue Text) Write(Module block, GraphValue picture, GraphValue text, GraphValue condition)
    {
        // Shift, scale and gate of the attention, then of the layers behind it, then of the second attention.
        var mine = Modulation.Vectors(block["norm1"]["linear"], condition, picture.Width, IsDual ? 9 : 6);
        var own = Modulation.Apply(picture, mine[0], mine[1]);
        var (theirs, other) = IsLast
            ? (null, Modulation.Last(block["norm1_context"], text, condition))
            : Modulated(Modulation.Vectors(block["norm1_context"]["linear"], condition, text.Width, 6), text);

        var module = block["attn"];
        var (key, value) = attention.Keys(module, JointAttention.Names.OfPicture, own, Rotation);
        var (textKey, textValue) = attention.Keys(module, JointAttention.Names.OfText, other, TextRotation);
        key = key.Graph.Concat(1, key.Width, key, textKey); // [B, S + T, C]
        value = value.Graph.Concat(1, value.Width, value, textValue);
        var query = attention.Query(module, JointAttention.Names.OfPicture, own, Rotation);
        var attended = picture + mine[2] * sequences.Linear(module["to_out", 0], attention.Attend(query, key, value), picture.Width);
        if (IsDual) attended += mine[8] * Again(block["attn2"], Modulation.Apply(picture, mine[6], mine[7]));
        picture = Forward(block["ff"], attended, mine);
        if (theirs is null)
        {
            module[JointAttention.Names.OfText.Query].LeaveOut(text.Width, text.Width);
            return (picture, text);
        }
        query = attention.Query(module, JointAttention.Names.OfText, other, TextRotation);
        text += theirs[2] * sequences.Linear(module["to_add_out"], attention.Attend(query, key, value), text.Width);
        return (picture, Forward(block["ff_context"], text, theirs).Bounded()); // as diffusers does in float16, here and in FLUX's other blocks
    }

    private GraphValue Again(Module module, GraphValue picture)
    {
        var (key, value) = attention.Keys(module, JointAttention.Names.OfPicture, picture);
        var query = attention.Query(module, JointAttention.Names.OfPicture, picture);
        return sequences.Linear(module["to_out", 0], attention.Attend(query, key, value), picture.Width);
    }

    private GraphValue Forward(Module module, GraphValue stream, IReadOnlyList<GraphValue> vectors)
    {
        var modulated = Modulation.Apply(stream, vectors[3], vectors[4]);
        return stream + vectors[5] * sequences.Unflatten(FeedForward.Plain(module, Sequences.Flatten(modulated)));
    }

    private static (IReadOnlyList<GraphValue>? Vectors, GraphValue Stream) Modulated(IReadOnlyList<GraphValue> vectors, GraphValue stream) =>
        (vectors, Modulation.Apply(stream, vectors[0], vectors[1]));
}
