using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families;

/// <summary>
/// Opens a model's graphs with what their exporters left out: a timestep for each row, outputs of earlier text layers. Where a graph cannot be edited, or
/// its edit does not prove right, the file is opened as it is and the part says why.
/// </summary>
/// <param name="settings">How sessions are made.</param>
/// <param name="proofs">Outcomes of earlier loads.</param>
/// <param name="contentHash">The model's content: what was proved for it holds until it changes.</param>
internal sealed class EditedGraphs(SessionSettings settings, ProofFile proofs, string contentHash)
{
    /// <summary>Part of the proofs' key: goes up with each change of an edit, so that all are proved again.</summary>
    private const int Revision = 1;

    /// <summary>The runtime's own words name files of this machine, and this goes out in lists of models.</summary>
    private const string Refused = "ONNX Runtime refuses the edited graph";

    /// <param name="path">The denoiser's graph.</param>
    /// <param name="smallest">The smallest latents that the denoiser takes, for its proof.</param>
    /// <param name="tokens">Length of a text, for its proof.</param>
    /// <param name="options">What its family knows of it.</param>
    /// <param name="merge">Changes its weights; null: they stay.</param>
    /// <exception cref="GraphException">The graph cannot be used even as it is.</exception>
    public Denoiser OpenDenoiser(string path, LatentShape smallest, int tokens, DenoiserOptions? options = null, Action<OnnxModel>? merge = null)
    {
        string? reason = Edit(path, TimestepRowsOf, merge, out var model);
        if (model is not null)
        {
            reason = TryOpen(model, smallest, tokens, options, out var denoiser);
            if (denoiser is not null) return denoiser;
        }
        return Open(path, merge).As(graph => new Denoiser(graph, options) { TimestepReason = reason });
    }

    /// <param name="path">The text encoder's graph.</param>
    /// <param name="layers">How many layers its configuration says it has; null where it does not say.</param>
    /// <param name="normalise">Whether earlier layers' outputs go through the final layer norm.</param>
    /// <param name="merge">Changes its weights; null: they stay.</param>
    /// <exception cref="GraphException">The graph cannot be used even as it is.</exception>
    public TextEncoder OpenTextEncoder(string path, int? layers, bool normalise, Action<OnnxModel>? merge = null)
    {
        string? skipReason = null, vectorsReason = null;
        // Where the runtime refuses both edits, it may take the first alone.
        foreach (bool takesVectors in (ReadOnlySpan<bool>)[true, false])
        {
            string? unread = Edit(path, graph => Both(graph, takesVectors), merge, out var model);
            if (unread is not null) (skipReason, vectorsReason) = (unread, unread);
            if (model is null) break;
            try
            {
                return OnnxGraph.Load(model, settings)
                    .As(graph => new TextEncoder(graph, normalise) { ClipSkipReason = skipReason, VectorsReason = vectorsReason });
            }
            catch (GraphException)
            {
                (skipReason, vectorsReason) = (Refused, Refused);
            }
        }
        return Open(path, merge).As(graph => new TextEncoder(graph, normalise) { ClipSkipReason = skipReason, VectorsReason = vectorsReason });

        GraphEdit Both(OnnxModel graph, bool takesVectors)
        {
            var layersEdit = HiddenStates.Apply(graph, normalise, out _, layers);
            skipReason = layersEdit.Reason;
            if (!takesVectors) return layersEdit with { Reason = null };
            var vectorsEdit = TokenVectorInputs.Apply(graph);
            vectorsReason = vectorsEdit.Reason;
            return new(layersEdit.Changed || vectorsEdit.Changed, null);
        }
    }

    /// <summary>Opens a graph without an edit.</summary>
    /// <param name="path">The graph.</param>
    /// <param name="merge">Changes its weights; null: they stay.</param>
    /// <exception cref="GraphException">It cannot be used.</exception>
    public OnnxGraph Open(string path, Action<OnnxModel>? merge)
    {
        if (merge is null && settings.Quantising is null) return OnnxGraph.Load(path, settings);
        // One whose edit was not possible is edited in parts: read again.
        string? reason = Edit(path, static _ => GraphEdit.Done, merge, out var model);
        if (model is null) throw new GraphException($"{Path.GetFileName(Path.GetDirectoryName(path))}: {reason}", GraphFault.Unavailable);
        return OnnxGraph.Load(model, settings);
    }

    /// <summary>Opens the edited denoiser and proves it, unless that was done before.</summary>
    /// <returns>Why it cannot be used; null where it can.</returns>
    private string? TryOpen(OnnxModel model, LatentShape smallest, int tokens, DenoiserOptions? options, out Denoiser? denoiser)
    {
        denoiser = null;
        // Rows that are called alone prove nothing of rows that share a call.
        string key = $"timestep-per-row/{Revision}/{settings.Device}{(settings.Quantising is null ? "" : "/quantised")}/{contentHash}";
        bool known = proofs.TryFind(key, out string? outcome);
        if (known && outcome!.Length > 0) return outcome;
        try
        {
            denoiser = OnnxGraph.Load(model, settings).As(graph => new Denoiser(graph, options));
            if (known) return null;
            outcome = TimestepProof.Check(denoiser, smallest, tokens) ?? "";
        }
        catch (GraphException)
        {
            // Not kept: the next load may find more memory.
            denoiser?.Dispose();
            denoiser = null;
            return Refused;
        }
        proofs.Add(key, outcome);
        if (outcome.Length == 0) return null;
        denoiser.Dispose();
        denoiser = null;
        return outcome;
    }

    private static GraphEdit TimestepRowsOf(OnnxModel model) => TimestepRows.Apply(
        model,
        Denoiser.SampleNames.FirstOrDefault(name => model.Inputs.Exists(port => port.Name == name)) ?? "",
        Denoiser.TimestepNames.FirstOrDefault(name => model.Inputs.Exists(port => port.Name == name)) ?? "");

    /// <returns>Why there is no edited model; null where there is, or none is needed.</returns>
    private static string? Edit(string path, Func<OnnxModel, GraphEdit> edit, Action<OnnxModel>? merge, out OnnxModel? model)
    {
        model = null;
        try
        {
            var read = OnnxModel.Read(path);
            var outcome = edit(read);
            if (!outcome.Changed) return outcome.Reason;
            merge?.Invoke(read);
            model = read;
            return outcome.Reason;
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // Any other fault of the disk fails the load: it may pass, and a model that was opened as it is stays so.
            // The runtime reads the file itself next and says what is wrong with it.
            return e is InvalidDataException ? $"the graph {e.Message}" : "the graph cannot be read";
        }
    }
}
