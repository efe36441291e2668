namespace Darkroom.Models.Families;

/// <summary>
/// A model with LoRAs merged in, for as long as it is used. Parts that the LoRAs change are its own: opened when they are held and evicted like any; everything
/// else is the model's.
/// </summary>
/// <param name="model">The model as it is with them.</param>
/// <param name="end">Called once, when the use ends.</param>
public sealed class ModelVariant(IDiffusionModel model, Action end) : IDisposable
{
    private Action? end = end;

    public IDiffusionModel Model => model;

    public void Dispose() => Interlocked.Exchange(ref end, null)?.Invoke();
}
