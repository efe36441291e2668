namespace Darkroom.TestKit.Chaos;

/// <summary>Keeps some orders that gave pictures, and asks for them again when nobody else asks for anything.</summary>
/// <param name="limit">How many it keeps at most of one round; of more, any of them with equal chance.</param>
public sealed class PictureSampler(int limit, int seed)
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly List<(ChaosOrder Order, IReadOnlyList<string> Pictures)> kept = [];
    private int seen;

    /// <summary>Pictures compared so far.</summary>
    public int Compared { get; private set; }

    public void Offer(ChaosOrder order, ChaosEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (end.Pictures is not { } pictures) return;
        lock (gate)
        {
            if (kept.Count < limit)
            {
                kept.Add((order, pictures));
            }
            else if (random.Next(seen + 1) is var at && at < limit)
            {
                kept[at] = (order, pictures);
            }
            seen++;
        }
    }

    /// <summary>Asks for all that it kept, one after the other, and forgets them.</summary>
    /// <returns>What was not the same.</returns>
    public async Task<IReadOnlyList<string>> RepeatAloneAsync(ChaosCaller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var others = new List<string>();
        foreach (var (order, pictures) in kept)
        {
            var alone = await caller.SendAsync(order.Patient());
            if (alone.Pictures?.SequenceEqual(pictures) != true)
                others.Add($"{order}: alone it is another picture, or {alone.End}: {order.Body.ToJsonString()}");
            Compared += pictures.Count;
        }
        kept.Clear();
        seen = 0;
        return others;
    }
}
