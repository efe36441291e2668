using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>
/// Attention of two sequences to both: a picture's and a text's, each with projections of its own. Keys and values are joined, queries are not: each
/// sequence's answer is a call of its own, so nothing has to be cut apart.
/// </summary>
/// <param name="sequences">Of the batch.</param>
/// <param name="heads">Number of heads.</param>
/// <param name="normalises">Whether queries and keys go through a norm over each head: <c>qk_norm</c> rms_norm.</param>
internal sealed class JointAttention(Sequences sequences, int heads, bool normalises)
{
    private const float Epsilon = 1e-6f;

    /// <summary>diffusers' names of one sequence's layers.</summary>
    public sealed record Names(string Query, string Key, string Value, string QueryNorm, string KeyNorm)
    {
        public static Names OfPicture { get; } = new("to_q", "to_k", "to_v", "norm_q", "norm_k");

        public static Names OfText { get; } = new("add_q_proj", "add_k_proj", "add_v_proj", "norm_added_q", "norm_added_k");
    }

    private readonly Attention attention = new(heads) { Many = true };

    /// <summary>One sequence's queries, [B, S, C].</summary>
    /// <param name="rotation">Turns them by their places; null: places are told otherwise.</param>
    public GraphValue Query(Module module, Names names, GraphValue from, Rotation? rotation = null) =>
        Prepare(sequences.Linear(module[names.Query], from, from.Width), module[names.QueryNorm], rotation);

    /// <summary>One sequence's keys and values, [B, S, C] each.</summary>
    public (GraphValue Key, GraphValue Value) Keys(Module module, Names names, GraphValue from, Rotation? rotation = null) => (
        Prepare(sequences.Linear(module[names.Key], from, from.Width), module[names.KeyNorm], rotation),
        sequences.Linear(module[names.Value], from, from.Width));

    /// <summary>What a query finds, [B, S, C].</summary>
    public GraphValue Attend(GraphValue query, GraphValue key, GraphValue value) => attention.Write(query, key, value);

    private GraphValue Prepare(GraphValue projected, Module norm, Rotation? rotation)
    {
        if (!normalises && rotation is null) return projected;
        int width = projected.Width, head = width / heads;
        var apart = projected.Reshape(head, 0, 0, heads, head); // [B, S, heads, D]
        if (normalises) apart = norm.RmsNorm(apart, Epsilon);
        return (rotation?.Turn(apart) ?? apart).Reshape(width, 0, 0, width);
    }
}
