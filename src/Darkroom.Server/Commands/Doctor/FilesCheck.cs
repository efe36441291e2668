using Darkroom.Models.Catalog;
using Darkroom.Models.Inventory;
using Darkroom.Server.Commands.Shelf;
using Darkroom.Server.Commands.Top;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>
/// Every file under the models path: what it was recognised as, what it takes and what it fits; those that nothing reads, with the reason. Headers are read,
/// no graph is opened.
/// </summary>
internal sealed class FilesCheck(ModelShelf shelf) : IDoctorCheck
{
    public string Name => "files";

    public IEnumerable<Finding> Run()
    {
        foreach (var model in shelf.Models.All.Where(model => model.Fault is null))
            yield return new(true,
                $"{model.Id}: {model.Family}, {Sizes(model)}, {Stored(model)}{TopText.Bytes(model.MemoryBytes)} of weights; "
                + $"a picture of {ModelReport.Canvases(model, shelf)}; LoRAs that fit: {Names(shelf.LorasOf(model).Select(lora => lora.Id))}");
        foreach (var lora in shelf.Loras)
            yield return Of("LoRA", lora.Id, lora.Fault, $"{string.Join(", ", lora.Kinds)} of {lora.Layers} layers, fits {Names(Ids(shelf.ModelsOf(lora)))}");
        foreach (var one in shelf.Embeddings)
            yield return Of("textual inversion", one.Id, one.Fault,
                $"{one.Vectors} {(one.Vectors == 1 ? "vector" : "vectors")}, fits {Names(Ids(shelf.ModelsOf(one)))}");
        foreach (var net in shelf.ControlNets)
            yield return Of("ControlNet", net.Id, net.Fault, $"{TopText.Bytes(net.Bytes)}, fits {Names(Ids(shelf.ModelsOf(net)))}");
        foreach (var file in UnreadFiles.Under(shelf.Settings.ModelsPath)) yield return new(false, $"{file.Path} {file.Reason}");
    }

    private static Finding Of(string kind, string id, string? fault, string text) => new(fault is null, $"{kind} {id}: {fault ?? text}");

    private static string Sizes(ModelDescription model) => model.FixedSize is { } only ? $"{only.Width} x {only.Height} alone" : $"{model.NativeSize} pixels";

    private static string Stored(ModelDescription model) =>
        string.Join(" and ", model.Parts.Select(part => part.StoredAs).OfType<string>().Distinct()) is { Length: > 0 } stored ? $"stored as {stored}, " : "";

    private static IEnumerable<string> Ids(IEnumerable<ModelDescription> models) => models.Select(model => model.Id);

    private static string Names(IEnumerable<string> ids) => string.Join(", ", ids) is { Length: > 0 } names ? names : "none";
}
