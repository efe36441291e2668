using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>What the calls of a session need to know where its memory is not the machine's own.</summary>
/// <param name="transfer">Its memory.</param>
/// <param name="captures">Which calls are captured; null: none are, in the whole process.</param>
internal sealed class SessionDevice(IDeviceTransfer transfer, CapturedShapes? captures)
{
    public IDeviceTransfer Transfer => transfer;

    public CapturedShapes? Captures => captures;

    /// <summary>The device of a session's settings; null where its memory is the machine's own.</summary>
    /// <param name="settings">The session's.</param>
    /// <param name="captures">Whether its graph can be captured.</param>
    public static SessionDevice? Of(SessionSettings settings, bool captures) =>
        (settings.Transfer ?? (settings.Device == "cuda" ? new CudaTransfer(settings.DeviceId) : null)) is not { } transfer ? null
            : new(transfer, settings.Captures ? new CapturedShapes(captures ? settings.Cuda.Graphs : 0) : null);

    /// <summary>Options for a call.</summary>
    /// <param name="capture">The number of its capture.</param>
    public RunOptions Options(int capture = CapturedShapes.None)
    {
        var options = new RunOptions();
        if (captures is not null) options.AddRunConfigEntry(CapturedShapes.Option, capture.ToString(CultureInfo.InvariantCulture));
        return options;
    }
}
