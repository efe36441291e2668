namespace Darkroom.Engine.Queue;

/// <summary>A store that this process reaches over a network, and that may be away for a while: a server says so, and is not ready meanwhile.</summary>
public interface IStoreHealth
{
    /// <summary>What it keeps, as readers of <c>/readyz</c> know it: <c>pictures</c>, <c>jobs</c>.</summary>
    string Name { get; }

    /// <summary>Why it cannot be used now, as a sentence for the operator; null: it can, as far as is known.</summary>
    string? Trouble { get; }

    /// <summary>Looks whether it can be used; <see cref="Trouble"/> says what was found. Throws nothing of that.</summary>
    ValueTask CheckAsync(CancellationToken cancellation);
}
