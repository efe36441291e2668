using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>The two layers behind attention, four times as wide between them: diffusers' <c>FeedForward</c>.</summary>
internal static class FeedForward
{
    private const int Factor = 4;

    /// <summary>With a gate: (x · V) ⊙ gelu(x · W).</summary>
    /// <param name="rows">[n, C].</param>
    public static GraphValue Gated(Module module, GraphValue rows)
    {
        int inner = Factor * rows.Width;
        // Value and gate lie in one weight; as two products nothing has to be cut apart.
        var value = module["net", 0]["proj"].LinearPart(rows, 0, inner, 2 * inner); // [n, 4C]
        var gate = module["net", 0]["proj"].LinearPart(rows, inner, inner, 2 * inner);
        return module["net", 2].Linear(value * gate.Gelu(), rows.Width);
    }

    /// <summary>With gelu in its tanh form.</summary>
    /// <param name="rows">[n, C].</param>
    public static GraphValue Plain(Module module, GraphValue rows) =>
        module["net", 2].Linear(module["net", 0]["proj"].Linear(rows, Factor * rows.Width).GeluTanh(), rows.Width);
}
