using System.Text;
using System.Text.Json;
using Darkroom.Engine.Estimates;
using Darkroom.Models.Catalog;
using Darkroom.Server.Commands.Top;

namespace Darkroom.Server.Commands.Shelf;

/// <summary>One model at length: what its files say that it is, what it takes in memory at each size, what can be used with it.</summary>
internal static class ModelReport
{
    /// <summary>Lines of a name and what there is to say.</summary>
    public static IEnumerable<string> Of(ModelDescription model, ModelShelf shelf) => TextTable.Lines([.. Rows(model, shelf)]);

    /// <summary>Canvases and their memory in one line: <c>512 x 512 takes 1026 MiB, …</c>.</summary>
    public static string Canvases(ModelDescription model, ModelShelf shelf) => string.Join(", ", CanvasMemory.SizesOf(model).Select(size =>
        $"{size.Width} x {size.Height} takes {NeedOf(model, size, shelf, "")}"));

    private static IEnumerable<string[]> Rows(ModelDescription model, ModelShelf shelf)
    {
        yield return ["id", model.Id];
        yield return ["title", model.Title];
        if (model.Licence is { } licence) yield return ["licence", licence];
        if (model.Fault is { } fault) yield return ["fault", fault];
        if (model.Family is null) yield break;
        yield return ["family", $"{model.Family}, predicts {model.Prediction}, {model.SamplerClass}"];
        yield return ["tasks", string.Join(", ", model.Tasks)];
        yield return ["sizes", model.FixedSize is { } only ? $"{only.Width} x {only.Height} alone"
            : $"{model.SizeStep}…{model.MaxSize} in steps of {model.SizeStep}, {model.NativeSize} of its own"];
        if (DefaultsOf(model) is { Length: > 0 } defaults) yield return ["defaults", defaults];
        foreach (var part in model.Parts)
            yield return [part.Name, $"{TopText.Bytes(part.Bytes)} of weights in memory{(part.StoredAs is { } stored ? $", stored as {stored}" : "")}"];
        yield return ["weights", $"{TopText.Bytes(model.MemoryBytes)} together"];
        foreach (var size in CanvasMemory.SizesOf(model))
            yield return [$"{size.Width} x {size.Height}", NeedOf(model, size, shelf, " beside the weights")];
        yield return ["loras", model.Capabilities.Lora ? Names(shelf.LorasOf(model).Select(lora => lora.Id)) : $"none: {model.Capabilities.LoraReason}"];
        if (shelf.Embeddings.Count > 0)
            yield return ["embeddings", model.Capabilities is { Embeddings: false, EmbeddingsReason: { } reason } ? $"none: {reason}"
                : Names(shelf.EmbeddingsOf(model).Select(embedding => embedding.Id))];
        if (shelf.ControlNets.Count > 0) yield return ["controlnets", Names(shelf.ControlNetsOf(model).Select(net => net.Id))];
        foreach (var ignored in model.Ignored) yield return ["not used", ignored];
    }

    private static string NeedOf(ModelDescription model, PixelSize size, ModelShelf shelf, string beside)
    {
        var (bytes, available) = CanvasMemory.NeedOf(shelf.Settings.Engine, model, size);
        return $"{TopText.Bytes(bytes)}{beside}" + (bytes > available ? $" (more than the {TopText.Bytes(Math.Max(0, available))} there are)" : "");
    }

    private static string DefaultsOf(ModelDescription model)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in model.Defaults.Fields)
            {
                writer.WritePropertyName(field.Name);
                field.Type.Write(writer, model.Defaults.Find(field)!);
            }
            writer.WriteEndObject();
        }
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(buffer.ToArray()));
        return string.Join(", ", json.RootElement.EnumerateObject().Select(one => $"{one.Name} {one.Value}"));
    }

    private static string Names(IEnumerable<string> ids) => string.Join(", ", ids) is { Length: > 0 } names ? names : "none here that fits";
}
