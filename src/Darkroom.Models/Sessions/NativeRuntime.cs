using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>ONNX Runtime's own library, which is loaded when the first graph is opened.</summary>
public static class NativeRuntime
{
    /// <summary>Loads it now, for a process that will open graphs. Where it cannot be loaded, opening one says why.</summary>
    public static void Load()
    {
        using var options = new SessionOptions();
        _ = OrtEnv.Instance();
    }
}
