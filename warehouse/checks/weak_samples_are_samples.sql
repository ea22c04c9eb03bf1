-- No grid has more weak samples than samples.
select measured_on, grid_x, grid_y, rat from fact_mr_grid_d where n_weak > n_samples
