using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// The buffers of a session between calls. A call takes those of its shapes, or makes some; so calls at the same time have each their own. Of those that wait
/// for a call the least recently used goes when they become too many.
/// </summary>
internal sealed class BindingPool(InferenceSession session, IReadOnlyList<GraphPort> inputs)
{
    private readonly Lock gate = new();
    private readonly List<GraphBinding> free = []; // the most recently used first

    /// <summary>How many wait at most.</summary>
    public int Kept { get; set; } = 8;

    /// <param name="shapes">Full shape of every input.</param>
    /// <param name="outputs">Names of the outputs wanted.</param>
    public GraphBinding Take(IReadOnlyList<long[]> shapes, IReadOnlyList<string> outputs)
    {
        lock (gate)
        {
            for (int i = 0; i < free.Count; i++)
            {
                if (!free[i].IsFor(shapes, outputs)) continue;
                var found = free[i];
                free.RemoveAt(i);
                return found;
            }
        }
        return new GraphBinding(session, [.. inputs.Zip(shapes)], outputs);
    }

    public void Return(GraphBinding binding)
    {
        GraphBinding? oldest = null;
        lock (gate)
        {
            free.Insert(0, binding);
            if (free.Count > Kept)
            {
                oldest = free[^1];
                free.RemoveAt(free.Count - 1);
            }
        }
        oldest?.Dispose();
    }

    /// <summary>Frees what waits.</summary>
    public void Clear()
    {
        GraphBinding[] all;
        lock (gate)
        {
            all = [.. free];
            free.Clear();
        }
        foreach (var binding in all) binding.Dispose();
    }
}
