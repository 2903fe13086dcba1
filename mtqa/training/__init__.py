"""How the shipped editor was made: corpora -> pairs -> training -> calibration -> export.

One command a stage, ``python -m mtqa.training STAGE``; ``recipe.toml`` is the record of
every number that went into the weights.

    config      the recipe, read strictly
    corpora     the data files: what may be used, what is held out
    corrupt     errors put into clean English
    pairs       (wrong, right) sentence pairs as arrays of pieces
    model       a BART-shaped editor grown from a pretrained BERT-shaped encoder
    loop        training with checkpoints; stopped and started again at will
    calibrate   confidence and fluency, fitted on held-out data
    export      the folder that ships
    evaluate    the figures of the model card
"""
